using FsCheck;
using FsCheck.Fluent;
using Wuts.Domain.Devices;
using static Wuts.Domain.Devices.DeviceState;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Devices;

public sealed class DeviceSessionTests
{
    private static readonly DateTimeOffset Later = T0.AddMinutes(1);

    private static readonly Dictionary<string, Func<DeviceSession, DateTimeOffset, DeviceSession>> Steps = new()
    {
        ["QrShown"] = (session, now) => session.QrShown(now),
        ["PairCodeShown"] = (session, now) => session.PairCodeShown(now),
        ["PairingEnded"] = (session, now) => session.PairingEnded(now, "expired"),
        ["Paired"] = (session, now) => session.Paired(Chat, "credentials", now),
        ["Connecting"] = (session, now) => session.Connecting(now),
        ["Connected"] = (session, now) => session.Connected(now),
        ["Lost"] = (session, now) => session.Lost(now, "line broke"),
        ["Closed"] = (session, now) => session.Closed(now),
        ["LoggedOut"] = (session, now) => session.LoggedOut(now, "removed"),
        ["Banned"] = (session, now) => session.Banned(now, now.AddDays(1), "spam"),
    };

    // From each state in the order of the enum: Disconnected, Connecting, QrPending, PairCodePending, Connected, LoggedOut, Banned, Paused.
    [Theory]
    [InlineData("QrShown", QrPending, QrPending, QrPending, QrPending, QrPending, QrPending, QrPending, QrPending)]
    [InlineData("PairCodeShown", PairCodePending, PairCodePending, PairCodePending, PairCodePending, PairCodePending, PairCodePending, PairCodePending, PairCodePending)]
    [InlineData("PairingEnded", Disconnected, Connecting, Disconnected, Disconnected, Connected, LoggedOut, Banned, Paused)]
    [InlineData("Paired", Connecting, Connecting, Connecting, Connecting, Connecting, Connecting, Connecting, Connecting)]
    [InlineData("Connecting", Connecting, Connecting, Connecting, Connecting, Connecting, Connecting, Connecting, Connecting)]
    [InlineData("Connected", Connected, Connected, Connected, Connected, Connected, LoggedOut, Connected, Connected)]
    [InlineData("Lost", Disconnected, Disconnected, QrPending, PairCodePending, Disconnected, LoggedOut, Banned, Paused)]
    [InlineData("Closed", Disconnected, Disconnected, Disconnected, Disconnected, Disconnected, LoggedOut, Banned, Disconnected)]
    [InlineData("LoggedOut", LoggedOut, LoggedOut, LoggedOut, LoggedOut, LoggedOut, LoggedOut, LoggedOut, LoggedOut)]
    [InlineData("Banned", Banned, Banned, Banned, Banned, Banned, Banned, Banned, Banned)]
    public void Each_step_leads_from_each_state_to_one(string step, params DeviceState[] expected) =>
        Assert.Equal(expected, Enum.GetValues<DeviceState>().Select(state => Steps[step](In(state), Later).State));

    [Fact]
    public void Whatever_happens_it_is_never_connected_without_credentials() => EveryStep((_, _, after) =>
        Assert.True(!after.IsConnected || after.IsPaired));

    [Fact]
    public void Whatever_happens_a_logged_out_device_keeps_no_credentials() => EveryStep((_, _, after) =>
        Assert.True(after.State != LoggedOut || !after.IsPaired));

    [Fact]
    public void Whatever_happens_it_connects_by_itself_only_when_wanted_and_paired() => EveryStep((_, _, after) =>
        Assert.True(!after.ShouldConnect(T0.AddYears(1)) || (after.Wanted && after.IsPaired)));

    [Fact]
    public void Whatever_happens_the_time_of_a_state_is_that_of_entering_it() => EveryStep((before, now, after) =>
        Assert.Equal(after.State == before.State ? before.Since : now, after.Since));

    [Fact]
    public void The_same_step_at_the_same_time_changes_nothing_more_but_a_lost_line_is_counted_again() => Assert.All(
        Steps.Where(step => step.Key != "Lost"),
        step => Assert.All(Enum.GetValues<DeviceState>(), state =>
        {
            var once = step.Value(In(state), Later);
            Assert.Equal(once, step.Value(once, Later));
        }));

    [Fact]
    public void Word_of_an_earlier_pairing_changes_nothing_also_once_the_last_one_is_removed()
    {
        var paired = In(QrPending).Paired(Chat, "new", Later);

        Assert.Same(paired, paired.Paired(Chat, "old", Later.AddHours(-1)));
        Assert.False(paired.LoggedOut(Later.AddHours(1), "removed").Paired(Chat, "new", Later).IsPaired);
        Assert.Equal("newer", paired.Paired(Chat, "newer", Later.AddHours(1)).Credentials);
    }

    [Fact]
    public void Pairing_brings_credentials_and_a_clean_slate()
    {
        var paired = (In(Banned) with { Failures = 7 }).Paired(Chat, "new", Later);

        Assert.Equal((Chat, "new", true, 0, null), (paired.Jid, paired.Credentials, paired.Wanted, paired.Failures, paired.BannedUntil));
    }

    [Fact]
    public void Being_connected_ends_failures_and_bans()
    {
        var connected = (In(Banned) with { Failures = 7 }).Connected(Later);

        Assert.Equal((Connected, 0, null, Later, null), (connected.State, connected.Failures, connected.BannedUntil, connected.LastSeenAt, connected.Reason));
        Assert.Equal(Later.AddHours(1), connected.Connected(Later.AddHours(1)).LastSeenAt);
    }

    [Fact]
    public void Without_credentials_it_cannot_be_connected()
    {
        var unpaired = DeviceSession.New(T0);

        Assert.Same(unpaired, unpaired.Connected(Later));
    }

    [Fact]
    public void A_lost_line_stays_wanted_counts_a_failure_and_says_why()
    {
        var lost = In(Connected).Lost(Later, "line broke");

        Assert.Equal((true, 1, "line broke", Later), (lost.Wanted, lost.Failures, lost.Reason, lost.LastSeenAt));
        Assert.True(lost.ShouldConnect(Later));
        Assert.Equal((2, Later), (lost.Lost(Later.AddHours(1), "again").Failures, lost.Lost(Later.AddHours(1), "again").LastSeenAt));
    }

    [Fact]
    public void A_line_closed_by_its_owner_keeps_its_credentials_and_stays_closed()
    {
        var closed = In(Connected).Closed(Later);

        Assert.Equal((false, true, Later), (closed.Wanted, closed.IsPaired, closed.LastSeenAt));
        Assert.False(closed.ShouldConnect(Later));
    }

    [Fact]
    public void Logged_out_it_must_be_paired_again()
    {
        var loggedOut = In(Connected).LoggedOut(Later, "removed");

        Assert.Equal((false, false, "removed", Later), (loggedOut.IsPaired, loggedOut.Wanted, loggedOut.Reason, loggedOut.LastSeenAt));
        Assert.Equal(LoggedOut, loggedOut.Connected(Later).State);
    }

    [Fact]
    public void Banned_it_connects_again_only_when_the_ban_is_over()
    {
        var forAWeek = In(Connected).Banned(T0, T0.AddDays(7), "spam");

        Assert.False(forAWeek.ShouldConnect(T0.AddDays(7).AddTicks(-1)));
        Assert.True(forAWeek.ShouldConnect(T0.AddDays(7)));
        Assert.False(In(Connected).Banned(T0, until: null, "spam").ShouldConnect(T0.AddYears(9)));
    }

    [Theory]
    [InlineData(Disconnected, true)]
    [InlineData(Connecting, true)]
    [InlineData(QrPending, false)]
    [InlineData(PairCodePending, false)]
    [InlineData(Connected, false)]
    [InlineData(LoggedOut, false)]
    [InlineData(Paused, false)]
    public void It_connects_by_itself_from_these_states_only(DeviceState state, bool expected) =>
        Assert.Equal(expected, In(state).ShouldConnect(Later));

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0.5, 1)]
    [InlineData(2, 1, 2)]
    [InlineData(3, 2, 4)]
    [InlineData(6, 16, 32)]
    [InlineData(7, 30, 60)]
    [InlineData(1000, 30, 60)]
    public void The_wait_to_reconnect_doubles_up_to_a_minute(int failures, double shortest, double longest)
    {
        var session = In(Disconnected) with { Failures = failures };

        Assert.Equal(TimeSpan.FromSeconds(shortest), session.ReconnectDelay(0));
        Assert.Equal(TimeSpan.FromSeconds(longest), session.ReconnectDelay(1));
    }

    private static DeviceSession In(DeviceState state) => DeviceSession.New(T0) with
    {
        State = state,
        Jid = Chat,
        Credentials = state == LoggedOut ? null : "credentials",
        Wanted = true,
        BannedUntil = state == Banned ? T0.AddDays(1) : null,
    };

    private static void EveryStep(Action<DeviceSession, DateTimeOffset, DeviceSession> rule) =>
        Law.ForAll(Sequences.Of(Gen.Elements<string>(Steps.Keys)), steps =>
        {
            var (session, now) = (DeviceSession.New(T0), T0);
            foreach (var step in steps)
            {
                now = now.AddSeconds(1);
                var next = Steps[step](session, now);
                rule(session, now, next);
                session = next;
            }
        });
}
