using Wuts.Domain.Devices;
using Wuts.Domain.Webhooks;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Devices;

public sealed class SessionNoticesTests
{
    private static readonly DeviceSession New = DeviceSession.New(T0);
    private static readonly DeviceSession Pairing = New.QrShown(T0);
    private static readonly DeviceSession Paired = Pairing.Paired(Chat, "credentials", T0);
    private static readonly DeviceSession Connected = Paired.Connected(T0);

    public static TheoryData<string, DeviceSession, DeviceSession, string[]> Changes { get; } = new()
    {
        { "nothing", Connected, Connected, [] },
        { "seen again", Connected, Connected.Connected(T0.AddHours(1)), [] },
        { "a QR code is shown", New, Pairing, [] },
        { "paired", Pairing, Paired, [WebhookEvents.PairSuccess] },
        { "paired and connected in one step", Pairing, Connected, [WebhookEvents.PairSuccess, WebhookEvents.DeviceConnected] },
        { "paired with another phone", Paired, Paired.Paired(Chat, "others", T0.AddHours(1)), [WebhookEvents.PairSuccess] },
        { "the code expired", Pairing, Pairing.PairingEnded(T0, "expired"), [WebhookEvents.PairError] },
        { "connected", Paired, Connected, [WebhookEvents.DeviceConnected] },
        { "the line broke", Connected, Connected.Lost(T0, "broke"), [WebhookEvents.DeviceDisconnected] },
        { "closed by its owner", Connected, Connected.Closed(T0), [WebhookEvents.DeviceDisconnected] },
        { "closed when it was not connected", Paired, Paired.Closed(T0), [] },
        { "an attempt to connect failed", Paired, Paired.Lost(T0, "broke"), [WebhookEvents.ConnectionFailure] },
        { "another attempt failed", Paired.Lost(T0, "broke"), Paired.Lost(T0, "broke").Lost(T0, "broke"), [WebhookEvents.ConnectionFailure] },
        { "logged out", Connected, Connected.LoggedOut(T0, "removed"), [WebhookEvents.DeviceLoggedOut] },
        { "logged out again", Connected.LoggedOut(T0, "removed"), Connected.LoggedOut(T0, "removed").LoggedOut(T0, "again"), [] },
        { "banned", Connected, Connected.Banned(T0, T0.AddDays(1), "spam"), [WebhookEvents.TemporaryBan] },
        { "banned for longer", Connected.Banned(T0, T0.AddDays(1), "spam"), Connected.Banned(T0, T0.AddDays(2), "spam"), [] },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Each_change_of_a_session_is_told_by_its_events(string change, DeviceSession before, DeviceSession after, string[] events)
    {
        Assert.NotEmpty(change);
        Assert.Equal<string>(events, SessionNotices.Between(before, after));
    }

    [Fact]
    public void Every_event_told_is_in_the_catalogue() =>
        Assert.All(Changes.SelectMany(row => (string[])((object[])row)[3]), name => Assert.True(WebhookEvents.IsKnown(name)));
}
