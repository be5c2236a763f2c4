using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;

namespace Wuts.Transports.Tests.Contract;

/// <summary>
/// What every transport to a network with phones owes its devices. A suite for one transport says how to make it and how its
/// phones are handled.
/// </summary>
public abstract class TransportContract : IAsyncLifetime
{
    protected const string Own = "5511999990001";
    protected const string Other = "5511999990002";

    private static readonly DeviceKey Device = new("acme", "d1");
    private int _messages;

    protected RecordingSink Sink { get; } = new();

    /// <summary>The transport, bringing its events to <see cref="Sink"/>.</summary>
    protected abstract IDeviceTransport Transport { get; }

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    [Fact]
    public async Task A_scanned_code_links_the_device_which_can_send_at_once()
    {
        var ticket = await Transport.RequestQrAsync(Device, default);
        await ScanAsync(Own, ticket.Code);

        var paired = await Sink.NextAsync<DeviceEvent.Paired>();
        Assert.Equal(Jid.User(Own), paired.Jid);
        Assert.IsType<SendOutcome.Accepted>(await Transport.SendAsync(Device, NewMessage(), default));
    }

    [Fact]
    public async Task A_pair_code_has_eight_characters_and_links_the_phone_it_was_asked_for()
    {
        var ticket = await Transport.RequestPairCodeAsync(Device, Own, default);
        Assert.Matches("^[0-9A-Z]{4}-[0-9A-Z]{4}$", ticket.Code);

        await EnterPairCodeAsync(Own, ticket.Code);
        Assert.Equal(Jid.User(Own), (await Sink.NextAsync<DeviceEvent.Paired>()).Jid);
    }

    [Fact]
    public async Task A_new_code_makes_the_last_one_worthless()
    {
        var first = await Transport.RequestQrAsync(Device, default);
        var second = await Transport.RequestQrAsync(Device, default);

        await Assert.ThrowsAnyAsync<Exception>(() => ScanAsync(Own, first.Code));
        await ScanAsync(Own, second.Code);
        await Sink.NextAsync<DeviceEvent.Paired>();
    }

    [Fact]
    public async Task Without_a_link_nothing_leaves_and_nothing_breaks()
    {
        Assert.IsType<SendOutcome.NotConnected>(await Transport.SendAsync(Device, NewMessage(), default));
        Assert.False(await Transport.LogoutAsync(Device, default));
        await Transport.SetTypingAsync(Device, Jid.User(Other), true, default);
        await Transport.DisconnectAsync(Device, default);
    }

    [Fact]
    public async Task A_closed_link_keeps_its_pairing_and_connects_again_any_number_of_times()
    {
        var paired = await PairAsync();
        await Transport.DisconnectAsync(Device, default);
        Assert.IsType<SendOutcome.NotConnected>(await Transport.SendAsync(Device, NewMessage(), default));

        Assert.Equal(new ConnectOutcome.Connected(paired.Jid), await Transport.ConnectAsync(Device, paired.Credentials, default));
        Assert.Equal(new ConnectOutcome.Connected(paired.Jid), await Transport.ConnectAsync(Device, paired.Credentials, default));
        Assert.IsType<SendOutcome.Accepted>(await Transport.SendAsync(Device, NewMessage(), default));
    }

    [Fact]
    public async Task Credentials_that_the_network_does_not_know_are_logged_out()
    {
        await PairAsync();
        await Transport.DisconnectAsync(Device, default);

        Assert.IsType<ConnectOutcome.LoggedOut>(await Transport.ConnectAsync(Device, "made-up", default));
    }

    [Fact]
    public async Task A_logout_ends_the_pairing_for_good()
    {
        var paired = await PairAsync();

        Assert.True(await Transport.LogoutAsync(Device, default));
        Assert.IsType<ConnectOutcome.LoggedOut>(await Transport.ConnectAsync(Device, paired.Credentials, default));
        Assert.IsType<SendOutcome.NotConnected>(await Transport.SendAsync(Device, NewMessage(), default));
    }

    [Fact]
    public async Task A_message_brings_its_receipts_under_the_id_we_chose()
    {
        await PairAsync();
        var message = NewMessage();
        var accepted = Assert.IsType<SendOutcome.Accepted>(await Transport.SendAsync(Device, message, default));

        Assert.Equal(message.ProviderId, accepted.ProviderId);
        await Sink.NextAsync<DeviceEvent.Receipt>(r => r.ProviderId == message.ProviderId && r.Event.Stage == DeliveryStage.Delivered);
        await Sink.NextAsync<DeviceEvent.Receipt>(r => r.ProviderId == message.ProviderId && r.Event.Stage == DeliveryStage.Read);
    }

    [Fact]
    public async Task The_same_id_again_is_the_same_message()
    {
        await PairAsync();
        var message = NewMessage();
        var first = await Transport.SendAsync(Device, message, default);

        Assert.IsType<SendOutcome.Accepted>(await Transport.SendAsync(Device, message, default));
        Assert.IsType<SendOutcome.Accepted>(first);
        await Sink.NextAsync<DeviceEvent.Receipt>(r => r.Event.Stage == DeliveryStage.Read);
        Assert.Equal(1, await CountMessagesAsync(Other, message.ProviderId));
    }

    [Fact]
    public async Task A_lookup_never_denies_what_was_taken()
    {
        await PairAsync();
        var message = NewMessage();

        Assert.IsNotType<SendEvidence.Taken>(await Transport.LookUpAsync(Device, message.ProviderId, default));
        await Transport.SendAsync(Device, message, default);
        Assert.IsNotType<SendEvidence.NotTaken>(await Transport.LookUpAsync(Device, message.ProviderId, default));
    }

    [Fact]
    public async Task A_message_from_a_phone_comes_in()
    {
        await PairAsync();
        await WriteAsync(Other, Own, "hello");

        var received = await Sink.NextAsync<DeviceEvent.MessageReceived>();
        Assert.Equal((Jid.User(Other), Jid.User(Other), Jid.User(Own), "hello"), (
            received.Message.FromJid, received.Message.ChatJid, received.Message.ToJid, received.Message.Text));
    }

    [Fact]
    public async Task Events_that_could_not_be_handled_are_brought_again()
    {
        await PairAsync();
        var failed = Sink.Fail(times: 2);
        await WriteAsync(Other, Own, "hello");

        await failed;
        Assert.Equal("hello", (await Sink.NextAsync<DeviceEvent.MessageReceived>()).Message.Text);
    }

    [Fact]
    public async Task A_message_to_somebody_who_blocks_us_is_taken_and_never_heard_of_again()
    {
        await PairAsync();
        await BlockAsync(Other, Own);
        var message = NewMessage();

        Assert.IsType<SendOutcome.Accepted>(await Transport.SendAsync(Device, message, default));
        await WriteAsync("5511999990003", Own, "later");
        await Sink.NextAsync<DeviceEvent.MessageReceived>();
        Assert.DoesNotContain(Sink.All, e => e.Event is DeviceEvent.Receipt);
        Assert.Equal(0, await CountMessagesAsync(Other, message.ProviderId));
    }

    [Fact]
    public async Task A_number_that_may_not_reach_out_is_told_so_and_refused_with_the_time_when_it_may()
    {
        await PairAsync();
        var until = DateTimeOffset.UtcNow.AddHours(1);
        await RestrictAsync(Own, until);

        var restricted = await Sink.NextAsync<DeviceEvent.Restricted>();
        Assert.Equal((RestrictionKind.ReachOut, until), (restricted.Kind, restricted.Until));
        var refused = Assert.IsType<SendOutcome.Refused>(await Transport.SendAsync(Device, NewMessage(), default));
        Assert.Equal(FailureCodes.ReachOutTimelock, refused.Failure.Code);
        Assert.InRange(refused.RetryAfter!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
        await WriteAsync(Other, Own, "hello");
        Assert.IsType<SendOutcome.Accepted>(await Transport.SendAsync(Device, NewMessage(), default));
    }

    [Fact]
    public async Task A_number_that_many_complain_of_is_told_how_it_is_rated()
    {
        await PairAsync();
        for (var i = 0; i < 20; i++)
        {
            await BlockAsync($"551188888{i:D4}", Own);
        }

        await Sink.NextAsync<DeviceEvent.QualityChanged>(q => q.Rating == QualityRating.Red);
    }

    /// <summary>Lets a phone scan a QR code. Throws when the network refuses it, as all of these do.</summary>
    protected abstract Task ScanAsync(string phone, string qrCode);

    protected abstract Task EnterPairCodeAsync(string phone, string code);

    protected abstract Task WriteAsync(string phone, string to, string text);

    /// <summary>Lets a phone block a number.</summary>
    protected abstract Task BlockAsync(string phone, string blocked);

    /// <summary>Lets the network keep a number from writing to strangers until a time.</summary>
    protected abstract Task RestrictAsync(string number, DateTimeOffset until);

    /// <summary>How often a message is seen on a phone.</summary>
    protected abstract Task<int> CountMessagesAsync(string phone, string id);

    private async Task<DeviceEvent.Paired> PairAsync()
    {
        var ticket = await Transport.RequestQrAsync(Device, default);
        await ScanAsync(Own, ticket.Code);
        return await Sink.NextAsync<DeviceEvent.Paired>();
    }

    private OutboundMessage NewMessage() => new($"3EB0{++_messages:X20}", Jid.User(Other), new TextContent("hello", []));
}
