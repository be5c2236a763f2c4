using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Transports.Simulator.Faults;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Phones;
using Wuts.Transports.Simulator.Rules;

namespace Wuts.Transports.Tests.Simulator;

/// <summary>When the network bans a number, and to whom it lets it write.</summary>
public sealed class RulesTests : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TestNetwork _test = TestNetwork.OnManualClock();
    private DeviceEvent.Paired _paired = null!;
    private int _strangers;

    public async Task InitializeAsync() => _paired = await _test.PairAsync();

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task Nobody_is_banned_or_restricted_unless_it_is_asked_for()
    {
        await SendToStrangersAsync(200);
        Assert.DoesNotContain(await _test.LogAsync(), e => e.Kind is LogKind.Banned or LogKind.Restricted or LogKind.QualityChanged or LogKind.Refused);
    }

    [Fact]
    public async Task A_young_number_that_writes_to_too_many_strangers_is_banned_and_again_for_longer()
    {
        Change(new RulesChange { Bans = true, StrangersPerDay = 3, BanMinutes = 60, RepeatBanMinutes = 300 });
        await SendToStrangersAsync(4);

        var banned = await _test.Sink.NextAsync<DeviceEvent.Banned>();
        Assert.Equal(_test.Clock.GetUtcNow() + Hour, banned.Until);
        Assert.Contains("4 strangers within 24 hours", banned.Reason, StringComparison.Ordinal);
        Assert.IsType<SendOutcome.NotConnected>(await SendAsync(TestNetwork.Other));
        Assert.Equal(banned.Until, Assert.IsType<ConnectOutcome.Banned>(await ConnectAsync()).Until);

        _test.Clock.Advance(Hour);
        Assert.IsType<ConnectOutcome.Connected>(await ConnectAsync());
        await SendToStrangersAsync(4);
        Assert.Equal(_test.Clock.GetUtcNow() + 5 * Hour, (await _test.Sink.NextAsync<DeviceEvent.Banned>()).Until);
        Assert.Equal(2, (await _test.LogAsync()).Count(e => e.Kind == LogKind.Banned));
    }

    [Fact]
    public async Task Neither_an_old_number_nor_one_that_people_wrote_to_is_eager()
    {
        Change(new RulesChange { Bans = true, StrangersPerDay = 3 });
        for (var i = 0; i < 10; i++)
        {
            await _test.Network.WriteAsync($"551177777{i:D4}", TestNetwork.Own, "oi");
            Assert.IsType<SendOutcome.Accepted>(await SendAsync($"551177777{i:D4}"));
            Assert.IsType<SendOutcome.Accepted>(await SendAsync(TestNetwork.Other));
        }

        await _test.Network.ChangePhoneAsync(TestNetwork.Own, new PhoneChange { Since = _test.Clock.GetUtcNow().AddDays(-14) });
        await SendToStrangersAsync(10);
        Assert.DoesNotContain(await _test.LogAsync(), e => e.Kind == LogKind.Banned);
    }

    [Fact]
    public async Task Strangers_of_yesterday_do_not_count_and_a_restart_forgets_none_of_today()
    {
        Change(new RulesChange { Bans = true, StrangersPerDay = 3 });
        await SendToStrangersAsync(3);
        _test.Clock.Advance(TimeSpan.FromDays(1));
        await SendToStrangersAsync(3);

        await _test.RestartAsync();
        Change(new RulesChange { Bans = true, StrangersPerDay = 3 });
        await ConnectAsync();
        Assert.Equal(3, _test.Network.FindPhone(TestNetwork.Own)!.Standing!.Strangers);
        await SendToStrangersAsync(1);
        await _test.Sink.NextAsync<DeviceEvent.Banned>();
    }

    [Fact]
    public async Task Reports_over_the_share_ban_a_number_of_any_age()
    {
        Change(new RulesChange { Bans = true, ReportShare = 0.02 });
        await _test.Network.ChangePhoneAsync(TestNetwork.Own, new PhoneChange { Since = _test.Clock.GetUtcNow().AddYears(-1) });
        for (var i = 0; i < 3; i++)
        {
            Assert.DoesNotContain(await _test.LogAsync(), e => e.Kind == LogKind.Banned);
            await _test.Network.ReportAsync($"551166666{i:D4}", TestNetwork.Own);
        }

        Assert.Contains("reported", (await _test.Sink.NextAsync<DeviceEvent.Banned>()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_the_cap_no_new_chat_opens_until_the_day_ends_and_open_ones_go_on()
    {
        Change(new RulesChange { NewChatCap = 10 });
        var began = _test.Clock.GetUtcNow();
        await SendToStrangersAsync(10);
        _test.Clock.Advance(Hour);

        var refused = Assert.IsType<SendOutcome.Refused>(await SendAsync("5511955550000"));
        Assert.Equal((FailureCodes.NewChatCap, FailureClass.Policy, 23 * Hour), (refused.Failure.Code, refused.Failure.Class, refused.RetryAfter));
        Assert.True(refused.Failure.ConcernsStrangersOnly());
        Assert.IsType<SendOutcome.Accepted>(await SendAsync("5511888800001"));
        await _test.Network.WriteAsync("5511955550000", TestNetwork.Own, "oi");
        Assert.IsType<SendOutcome.Accepted>(await SendAsync("5511955550000"));
        Assert.IsType<SendOutcome.Accepted>(await _test.Network.SendAsync(
            TestNetwork.Device, _test.NewMessage() with { ChatJid = "120363000000000001@g.us" }));
        Assert.Equal(
            [5, 1, 0],
            (await _test.LogAsync()).Where(e => e.Kind == LogKind.Restricted).Select(e => e.Remaining));
        Assert.Equal(
            new DeviceEvent.Restricted(RestrictionKind.NewChats, began.AddDays(1), began, 0),
            await _test.Sink.NextAsync<DeviceEvent.Restricted>(r => r.Remaining == 0));

        _test.Clock.Advance(23 * Hour);
        Assert.IsType<SendOutcome.Accepted>(await SendAsync("5511955550001"));
    }

    [Fact]
    public async Task A_number_may_have_a_cap_of_its_own()
    {
        await _test.Network.ChangePhoneAsync(TestNetwork.Own, new PhoneChange { NewChatCap = 1 });
        await SendToStrangersAsync(1);

        Assert.IsType<SendOutcome.Refused>(await SendAsync(TestNetwork.Other));
        Assert.Equal(0, _test.Network.FindPhone(TestNetwork.Own)!.Standing!.NewChatsLeft);
    }

    [Fact]
    public async Task A_restricted_number_writes_only_to_those_who_wrote_to_it_until_the_time()
    {
        Assert.IsType<SendOutcome.Accepted>(await SendAsync(TestNetwork.Other));
        var (now, until) = (_test.Clock.GetUtcNow(), _test.Clock.GetUtcNow() + Hour);
        await _test.Network.ChangePhoneAsync(TestNetwork.Own, new PhoneChange { ReachOutUntil = until });

        Assert.Equal(new DeviceEvent.Restricted(RestrictionKind.ReachOut, until, now), await _test.Sink.NextAsync<DeviceEvent.Restricted>());
        var refused = Assert.IsType<SendOutcome.Refused>(await SendAsync(TestNetwork.Other));
        Assert.Equal((FailureCodes.ReachOutTimelock, FailureClass.Quality, Hour), (refused.Failure.Code, refused.Failure.Class, refused.RetryAfter));
        await _test.Network.WriteAsync(TestNetwork.Other, TestNetwork.Own, "oi");
        Assert.IsType<SendOutcome.Accepted>(await SendAsync(TestNetwork.Other));
        _test.Clock.Advance(Hour);
        Assert.IsType<SendOutcome.Accepted>(await SendAsync("5511955550000"));
    }

    [Fact]
    public async Task A_restriction_that_is_lifted_by_hand_is_told()
    {
        var now = _test.Clock.GetUtcNow();
        await _test.Network.ChangePhoneAsync(TestNetwork.Own, new PhoneChange { ReachOutUntil = now + Hour });
        await _test.Network.ChangePhoneAsync(TestNetwork.Own, new PhoneChange { ReachOutUntil = now });

        await _test.Sink.NextAsync<DeviceEvent.Restricted>(r => r.Until <= r.At);
        Assert.IsType<SendOutcome.Accepted>(await SendAsync(TestNetwork.Other));
    }

    [Fact]
    public async Task A_number_that_turns_red_may_be_kept_from_strangers_by_the_rules()
    {
        Change(new RulesChange { ReachOutMinutes = 60 });
        for (var i = 0; i < 5; i++)
        {
            await _test.Network.ReportAsync($"551166666{i:D4}", TestNetwork.Own);
        }

        var restricted = await _test.Sink.NextAsync<DeviceEvent.Restricted>();
        Assert.Equal((RestrictionKind.ReachOut, _test.Clock.GetUtcNow() + Hour), (restricted.Kind, restricted.Until));
        Assert.IsType<SendOutcome.Refused>(await SendAsync(TestNetwork.Other));
    }

    [Theory]
    [InlineData(5, 5, 1000)]
    [InlineData(2.5, 2, 800)]
    [InlineData(0.5, 1, 2000)]
    public async Task What_comes_faster_than_the_network_takes_is_refused_with_the_time_to_wait(double rate, int taken, int wait)
    {
        Assert.Empty(_test.Network.ChangeFaults(new FaultsChange { MaxPerSecond = rate }));
        await SendToStrangersAsync(taken);

        var refused = Assert.IsType<SendOutcome.Refused>(await SendAsync(TestNetwork.Other));
        Assert.Equal((FailureCodes.Throttled, TimeSpan.FromMilliseconds(wait)), (refused.Failure.Code, refused.RetryAfter));
        _test.Clock.Advance(TimeSpan.FromMilliseconds(wait));
        Assert.IsType<SendOutcome.Accepted>(await SendAsync(TestNetwork.Other));
    }

    private async Task SendToStrangersAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.IsType<SendOutcome.Accepted>(await SendAsync($"55118888{++_strangers:D5}"));
        }
    }

    private Task<SendOutcome> SendAsync(string to) => _test.Network.SendAsync(TestNetwork.Device, _test.NewMessage(to));

    private Task<ConnectOutcome> ConnectAsync() => _test.Network.ConnectAsync(TestNetwork.Device, _paired.Credentials);

    private void Change(RulesChange change) => Assert.Empty(_test.Network.ChangeRules(change));
}
