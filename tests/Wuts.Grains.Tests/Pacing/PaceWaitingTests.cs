using Microsoft.Extensions.DependencyInjection;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;
using Wuts.Domain.Waiting;
using Wuts.Grains.Devices;
using Wuts.Grains.Pacing;
using Wuts.Grains.Quotas;

namespace Wuts.Grains.Tests.Pacing;

/// <summary>What a device says of messages that its number, its share or the network's word keeps.</summary>
public sealed class PaceWaitingTests : IAsyncLifetime
{
    private readonly TaskCompletionSource<SendOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClusterFixture _cluster = null!;
    private DeviceKey _key = null!;
    private IDeviceGrain _device = null!;
    private int _strangers;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _answer.TrySetResult(new SendOutcome.Unknown("the test is over"));
        var stopping = _cluster.DisposeAsync().AsTask();
        while (!stopping.IsCompleted)
        {
            _cluster.Clock.Advance(TimeSpan.FromSeconds(1)); // whoever is being held comes free
            await Task.Yield();
        }
    }

    [Fact]
    public async Task The_next_waits_for_the_pace_and_the_one_after_it_for_its_turn_at_that_pace()
    {
        await Start(Paced);
        var now = _cluster.Clock.GetUtcNow();
        await _device.Handle([new DeviceEvent.QualityChanged(QualityRating.Red, now)]);
        await Accept(Stranger());
        await _cluster.Transport.NextSent();
        var next = await Accept(Stranger());
        var then = await Accept(Stranger());
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(10));

        var waiting = await Explain(next);
        Assert.Equal((WaitReason.Pace, now, now.AddSeconds(10)), (waiting.Reason, waiting.Since, waiting.Until));
        Assert.Contains("6 messages a minute (slowed since WhatsApp rates its quality low)", waiting.Sentence, StringComparison.Ordinal);
        Assert.Equal((WaitReason.Queue, now.AddSeconds(20)), await Explain(then) is var turn ? (turn.Reason, turn.Until) : default);
        Assert.Equal(now.AddSeconds(10), (await _device.ExplainQueue())!.NextDepartureAt);

        _cluster.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(next, (await _cluster.Transport.NextSent()).ProviderId);
    }

    [Fact]
    public async Task A_password_is_promised_for_the_next_turn_and_marketing_for_its_own()
    {
        await Start(Paced);
        var now = _cluster.Clock.GetUtcNow();
        await Accept(Stranger());
        await _cluster.Transport.NextSent();
        for (var i = 0; i < 30; i++)
        {
            await Accept(Stranger() with { Category = Category.Marketing });
        }

        var password = Assert.IsType<SendAnswer.Accepted>(await _device.Send(Stranger() with { Category = Category.Authentication }));
        var offer = Assert.IsType<SendAnswer.Accepted>(await _device.Send(Stranger() with { Category = Category.Marketing }));

        Assert.Equal(now.AddSeconds(1), password.DepartureAt);
        Assert.Equal(now.AddSeconds(32), offer.DepartureAt);
    }

    [Fact]
    public async Task The_limit_for_one_recipient_has_its_own_sentence()
    {
        await Start(services => services.Configure<PaceOptions>(options =>
        {
            options.Enabled = true;
            options.Profiles["default"] = new() { PairGap = TimeSpan.FromSeconds(6) };
        }));
        var now = _cluster.Clock.GetUtcNow();
        await Accept(_cluster.Command("first"));
        await _cluster.Transport.NextSent();
        var second = await Accept(_cluster.Command("second"));
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(6));

        var waiting = await Explain(second);

        Assert.Equal((WaitReason.Pace, now, now.AddSeconds(6)), (waiting.Reason, waiting.Since, waiting.Until));
        Assert.Contains("to one recipient", waiting.Sentence, StringComparison.Ordinal);
        Assert.Equal((WaitReason.Pace, 1), (await _device.ExplainQueue())!.Groups.Single() is var group ? (group.Reason, group.Count) : default);
    }

    [Fact]
    public async Task What_is_typed_waits_for_a_permit_and_says_when_there_is_one()
    {
        await Start(services => services.Configure<RatePoolOptions>(RatePoolOptions.Dispatch, pool => pool.Rate = 1));
        _device = (await _cluster.NewDevice()).Grain;
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add(await Accept(Stranger()));
        }

        var asked = _cluster.Clock.GetUtcNow();
        var waiting = await TickUntil(async () => await _device.ExplainQueue() is { InFlight: { } id } && await Explain(id) is { Reason: WaitReason.Permit } it ? it : null);
        Assert.InRange(waiting.Since, asked, _cluster.Clock.GetUtcNow());
        var report = (await _device.ExplainQueue())!;
        Assert.Equal((WaitReason.Permit, 1), report.Groups.Single(group => group.Reason == WaitReason.Permit) is var group ? (group.Reason, group.Count) : default);
        Assert.Equal(WaitReason.Queue, (await Explain(ids.Last(id => id != report.InFlight))).Reason);
        await TickUntil(async () => await _device.ExplainQueue() is { Groups.IsEmpty: true } none ? none : null);
    }

    [Fact]
    public async Task What_has_its_permit_waits_for_a_place_in_its_silo()
    {
        await Start(services => services.Configure<PoolOptions>(options => options.Handovers = 1));
        _cluster.Transport.Answer(_key, _ => _answer.Task);
        await Accept(Stranger());
        await _cluster.Transport.NextSent();
        var (_, other) = await _cluster.NewDevice();
        var now = _cluster.Clock.GetUtcNow();
        var id = Assert.IsType<SendAnswer.Accepted>(await other.Send(Stranger())).Message.Envelope.Id;

        var waiting = await TickUntil(async () => await other.Explain(await Row(id)) is { Reason: WaitReason.Permit } it
            && it.Sentence.StartsWith("As many messages are being handed over at once", StringComparison.Ordinal) ? it : null); // before that it waits for its permit

        Assert.Null(waiting.Until);
        Assert.InRange(waiting.Since, now, _cluster.Clock.GetUtcNow());
    }

    [Fact]
    public async Task A_stranger_who_is_planned_for_tomorrow_is_answered_at_once_and_told_why()
    {
        await Start();
        var now = _cluster.Clock.GetUtcNow();
        await _device.SetWarmUp(new(Schedule: [2, 3]));
        await Accept(Stranger());
        await Accept(Stranger());

        var held = Assert.IsType<SendAnswer.Accepted>(await _device.Send(Stranger(TimeSpan.FromSeconds(20)))); // the clock stands still
        var behind = await Accept(_cluster.Command("behind") with { ChatJid = held.Message.Envelope.ChatJid });

        var waiting = await Explain(held.Message.Envelope.Id);
        Assert.Equal((WaitReason.WarmUp, now, held.Message.NotBefore), (waiting.Reason, waiting.Since, waiting.Until));
        Assert.StartsWith("The number is being warmed up: it may write to 2 people for the first time today, and 2 are planned.", waiting.Sentence, StringComparison.Ordinal);
        Assert.Equal((WaitReason.ChatOrder, held.Message.NotBefore), await Explain(behind) is var second ? (second.Reason, second.Until) : default);
        Assert.False(held.WorthWaiting);
        Assert.Equal(held.Message.NotBefore, held.DepartureAt);
    }

    [Fact]
    public async Task A_password_that_makes_way_for_itself_is_promised_for_now()
    {
        await Start();
        await _device.SetWarmUp(new(Schedule: [2, 3]));
        await Accept(Stranger());
        await Accept(Stranger());
        var held = Assert.IsType<SendAnswer.Accepted>(await _device.Send(Stranger())).Message;
        await _cluster.Transport.NextSent();
        await _cluster.Transport.NextSent();

        var password = Assert.IsType<SendAnswer.Accepted>(
            await _device.Send(_cluster.Command("123456") with { ChatJid = held.Envelope.ChatJid, Category = Category.Authentication }));

        Assert.True(password.WorthWaiting);
    }

    [Fact]
    public async Task A_restriction_says_until_when_and_whom_it_concerns()
    {
        await Start();
        var now = _cluster.Clock.GetUtcNow();
        await _device.Handle([new DeviceEvent.Restricted(RestrictionKind.ReachOut, now.AddDays(1), now)]);
        var id = await Accept(Stranger());

        Assert.Equal(
            new(WaitReason.Restricted, now, now.AddDays(1), "WhatsApp lets this number write only to people who have written to it until 2030-01-02 00:00:00 UTC."),
            await Explain(id));
        Assert.Equal(now.AddDays(1), (await _device.ExplainQueue())!.NextDepartureAt);
    }

    private static void Paced(IServiceCollection services) => services.Configure<PaceOptions>(options =>
    {
        options.Enabled = true;
        options.Profiles["default"] = new() { CeilingPerMinute = 60, FloorPerMinute = 6, Burst = TimeSpan.Zero };
    });

    private async Task Start(Action<IServiceCollection>? configure = null)
    {
        _cluster = await ClusterFixture.StartAsync(configure: configure);
        (_key, _device) = await _cluster.NewDevice();
    }

    private SendCommand Stranger(TimeSpan hold = default) => _cluster.Command("hi", chat: $"55119777{++_strangers:D5}", hold: hold);

    private async Task<string> Accept(SendCommand command) => Assert.IsType<SendAnswer.Accepted>(await _device.Send(command)).Message.Envelope.Id;

    private async Task<WaitingFor> Explain(string id) => (await _device.Explain(await Row(id)))!;

    private async Task<WaitingMessage> Row(string id)
    {
        var message = (await _cluster.Messages.FindAsync(ClusterFixture.Tenant, id))!;
        return WaitingMessage.Of(message, await _cluster.Messages.ReadTimelineAsync(ClusterFixture.Tenant, id))!;
    }

    private async Task<T> TickUntil<T>(Func<Task<T?>> happened)
        where T : class
    {
        T? result = null;
        await _cluster.TickUntil(TimeSpan.FromMilliseconds(5), async () => (result = await happened()) is not null);
        return result!;
    }
}
