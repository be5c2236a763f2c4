using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Domain.Waiting;
using Wuts.Grains.Devices;

namespace Wuts.Grains.Tests;

/// <summary>What a device says of what its messages wait for.</summary>
public sealed class WaitingTests : IAsyncLifetime
{
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource<SendOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClusterFixture _cluster = null!;
    private DeviceKey _key = null!;
    private IDeviceGrain _device = null!;

    public async Task InitializeAsync()
    {
        _cluster = await ClusterFixture.StartAsync();
        (_key, _device) = await _cluster.NewDevice();
    }

    public async Task DisposeAsync()
    {
        _answer.TrySetResult(new SendOutcome.Unknown("the test is over"));
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_delayed_message_waits_for_its_time_and_the_next_of_its_chat_for_it()
    {
        var now = _cluster.Clock.GetUtcNow();
        var delayed = await Accept(_cluster.Command("A", delay: 60, typing: 2));
        var behind = await Accept(_cluster.Command("B"));

        var first = await Explain(delayed);
        Assert.Equal((WaitReason.Delay, now, now.AddSeconds(60)), (first.Reason, first.Since, first.Until));
        var second = await Explain(behind);
        Assert.Equal((WaitReason.ChatOrder, now, now.AddSeconds(60)), (second.Reason, second.Since, second.Until));
        Assert.Contains(delayed, second.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_typed_to_says_until_when_and_what_comes_after_it_waits_for_its_turn()
    {
        var now = _cluster.Clock.GetUtcNow();
        var typed = await Accept(_cluster.Command("A", typing: 30));
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(30));
        var next = await Accept(_cluster.Command("B", chat: "5511988880002"));
        _cluster.Clock.Advance(TimeSpan.FromSeconds(5));

        var typing = await Explain(typed);
        Assert.Equal((WaitReason.Typing, now, now.AddSeconds(30)), (typing.Reason, typing.Since, typing.Until));
        Assert.Equal((WaitReason.Queue, now), ((await Explain(next)).Reason, (await Explain(next)).Since));
    }

    [Fact]
    public async Task What_is_being_handed_over_waits_for_the_networks_answer_at_most_as_long_as_that_may_take()
    {
        var now = _cluster.Clock.GetUtcNow();
        _cluster.Transport.Answer(_key, _ => _answer.Task);
        var id = await Accept(_cluster.Command("A"));
        await _cluster.Transport.NextSent();

        var waiting = await Explain(id);

        Assert.Equal((WaitReason.HandedOver, now, now.AddSeconds(75)), (waiting.Reason, waiting.Since, waiting.Until));
    }

    [Fact]
    public async Task What_was_refused_for_a_passing_reason_names_it()
    {
        var now = _cluster.Clock.GetUtcNow();
        _cluster.Transport.Answer(_key, _ => Task.FromResult<SendOutcome>(
            new SendOutcome.Refused(new("130429", FailureClass.Transient, Retryable: true, "WhatsApp is busy."), TimeSpan.FromSeconds(300))));
        var id = await Accept(_cluster.Command("A"));
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(300));

        var waiting = await Explain(id);

        Assert.Equal((WaitReason.Retry, now, now.AddSeconds(300)), (waiting.Reason, waiting.Since, waiting.Until));
        Assert.Contains("130429", waiting.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_knows_waits_for_evidence_and_holds_its_chat()
    {
        var now = _cluster.Clock.GetUtcNow();
        _cluster.Transport.Answer(_key, _ => Task.FromResult<SendOutcome>(new SendOutcome.Unknown("no answer")));
        var id = await Accept(_cluster.Command("A", hold: Held));
        var behind = await Accept(_cluster.Command("B"));

        var waiting = await Explain(id);
        Assert.Equal((WaitReason.Uncertain, now, now.AddMinutes(2)), (waiting.Reason, waiting.Since, waiting.Until));
        Assert.Equal((WaitReason.ChatOrder, now.AddMinutes(2)), ((await Explain(behind)).Reason, (await Explain(behind)).Until));
    }

    [Fact]
    public async Task A_device_that_is_not_ready_is_what_its_messages_wait_for()
    {
        var id = await Accept(_cluster.Command("A", delay: 10));
        await _device.Handle([new DeviceEvent.Banned("too eager", _cluster.Clock.GetUtcNow().AddHours(6), _cluster.Clock.GetUtcNow())]);
        Assert.Equal(WaitReason.Delay, (await Explain(id)).Reason);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(10));
        var now = _cluster.Clock.GetUtcNow();

        var banned = await Explain(id);
        Assert.Equal((WaitReason.DeviceBanned, now, now.AddHours(6).AddSeconds(-10)), (banned.Reason, banned.Since, banned.Until));

        await _device.Handle([new DeviceEvent.LoggedOut("unlinked on the phone", now.AddSeconds(1))]);
        var loggedOut = await Explain(id);
        Assert.Equal((WaitReason.DeviceLoggedOut, now.AddSeconds(1), null), (loggedOut.Reason, loggedOut.Since, loggedOut.Until));
    }

    [Fact]
    public async Task What_the_device_does_not_have_in_hand_is_said_so()
    {
        var id = await Accept(_cluster.Command("A", delay: 10));
        var (_, other) = await _cluster.NewDevice();
        var row = await Row(id);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(WaitReason.PickUp, (await other.Explain(row))!.Reason);
    }

    [Fact]
    public async Task A_silo_that_stops_is_what_its_messages_wait_for()
    {
        await _cluster.Drain.DrainAsync(CancellationToken.None);

        Assert.Equal(WaitReason.Draining, (await Explain(await Accept(_cluster.Command("A")))).Reason);
    }

    [Fact]
    public async Task A_queue_is_told_as_a_whole()
    {
        var now = _cluster.Clock.GetUtcNow();
        var typed = await Accept(_cluster.Command("A", chat: "5511988880001", typing: 30) with { Category = Category.Marketing });
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(30));
        await Accept(_cluster.Command("B", chat: "5511988880001"));
        await Accept(_cluster.Command("C", chat: "5511988880002", delay: 50));
        await Accept(_cluster.Command("D", chat: "5511988880003", delay: 70) with { Category = Category.Service });

        var report = (await _device.ExplainQueue())!;

        Assert.Equal((4, typed, now, now.AddSeconds(30)), (report.Waiting, report.InFlight, report.OldestAcceptedAt, report.NextDepartureAt));
        Assert.Equal([new(Lane.Authentication, 0), new(Lane.Utility, 4), new(Lane.Marketing, 0)], report.Lanes.AsEnumerable());
        Assert.Equal(
            [new(Category.Utility, 2), new(Category.Authentication, 0), new(Category.Service, 1), new(Category.Marketing, 1)], report.Categories.AsEnumerable());
        Assert.Equal(
            [(WaitReason.Delay, 2, now.AddSeconds(70)), (WaitReason.ChatOrder, 1, null), (WaitReason.Typing, 1, now.AddSeconds(30))],
            report.Groups.Select(group => (group.Reason, group.Count, group.Until)));
    }

    [Fact]
    public async Task A_device_that_is_gone_says_nothing()
    {
        var id = await Accept(_cluster.Command("A", delay: 10));
        var row = await Row(id);
        await _device.Purge();

        Assert.Null(await _device.Explain(row));
        Assert.Null(await _device.ExplainQueue());
    }

    private async Task<string> Accept(SendCommand command) => Assert.IsType<SendAnswer.Accepted>(await _device.Send(command)).Message.Envelope.Id;

    private async Task<WaitingFor> Explain(string id) => (await _device.Explain(await Row(id)))!;

    private async Task<WaitingMessage> Row(string id)
    {
        var message = (await _cluster.Messages.FindAsync(ClusterFixture.Tenant, id))!;
        return WaitingMessage.Of(message, await _cluster.Messages.ReadTimelineAsync(ClusterFixture.Tenant, id))!;
    }
}
