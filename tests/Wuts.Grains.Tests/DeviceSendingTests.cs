using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Domain.Webhooks;
using Wuts.Grains.Devices;
using Wuts.Grains.Messages;
using Wuts.Testing.Memory;

namespace Wuts.Grains.Tests;

public sealed class DeviceSendingTests : IAsyncLifetime
{
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(20);

    private readonly HeldCalls _acceptances = new(nameof(IMessageGrain.Accept));
    private ClusterFixture _cluster = null!;

    public async Task InitializeAsync() =>
        _cluster = await ClusterFixture.StartAsync(configure: services => services.AddSingleton<IOutgoingGrainCallFilter>(_acceptances));

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_message_is_stored_before_it_is_accepted_and_claimed_before_it_leaves()
    {
        var (key, device) = await _cluster.NewDevice();
        var seen = new List<MessageState>();
        _cluster.Flushes.BeforeWrite = message =>
        {
            seen.Add(message.State);
            return Task.FromResult(WriteFault.None);
        };
        _cluster.Transport.Answer(key, message =>
        {
            seen.Add(MessageState.Uncertain); // stands for "the network has it"
            return Task.FromResult(_cluster.Transport.Taken(message));
        });

        var answer = Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command("hello", hold: Held)));

        Assert.Equal(MessageState.Sent, answer.Message.State);
        Assert.Equal([MessageState.Queued, MessageState.Dispatching, MessageState.Uncertain, MessageState.Sent], seen);
    }

    [Fact]
    public async Task An_idle_device_with_permits_accepts_and_claims_in_one_write()
    {
        var (_, device) = await _cluster.NewDevice();
        await device.Send(_cluster.Command("brings the permits", hold: Held));
        var writes = 0;
        _cluster.Flushes.BeforeWrite = _ => Task.FromResult(Interlocked.Increment(ref writes) is var _ ? WriteFault.None : default);

        var answer = Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command("hello", hold: Held)));

        Assert.Equal(MessageState.Sent, answer.Message.State);
        Assert.Equal(2, writes);
        Assert.Equal([TimelineKind.Accepted, TimelineKind.Claimed, TimelineKind.Sent], await Timeline(answer.Message.Envelope.Id));
    }

    [Fact]
    public async Task A_later_message_of_a_chat_waits_for_a_delayed_one_and_other_chats_do_not()
    {
        var (_, device) = await _cluster.NewDevice();
        await device.Send(_cluster.Command("A", chat: "5511988880001", delay: 3));
        await device.Send(_cluster.Command("B", chat: "5511988880001"));
        await device.Send(_cluster.Command("C", chat: "5511988880002"));

        Assert.Equal("C", await NextText());
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(3));
        Assert.True(_cluster.Transport.NothingSent);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal("A", await NextText());
        Assert.Equal("B", await NextText());
    }

    [Fact]
    public async Task Typing_is_shown_for_its_time_and_then_the_message_leaves()
    {
        var (_, device) = await _cluster.NewDevice();
        var send = device.Send(_cluster.Command("hello", delay: 2, typing: 4, hold: Held));

        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(2));
        Assert.Empty(_cluster.Transport.Typing);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(2));
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(4));
        Assert.Equal(["5511988880001@s.whatsapp.net on"], _cluster.Transport.Typing);
        Assert.True(_cluster.Transport.NothingSent);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(MessageState.Sent, Assert.IsType<SendAnswer.Accepted>(await send).Message.State);
        Assert.Equal(2, _cluster.Transport.Typing.Count);
    }

    [Fact]
    public async Task A_departure_beyond_the_clients_patience_is_not_waited_for()
    {
        var (_, device) = await _cluster.NewDevice();

        var answer = Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command("later", delay: 300, hold: Held)));

        Assert.False(answer.WorthWaiting);
        Assert.Equal(MessageState.Queued, answer.Message.State);
        Assert.Equal(_cluster.Clock.GetUtcNow().AddSeconds(300), answer.DepartureAt);
    }

    [Fact]
    public async Task The_same_id_from_many_callers_is_one_message_with_one_answer()
    {
        var (_, device) = await _cluster.NewDevice();
        var command = _cluster.Command("once", hold: Held);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => device.Send(command)));

        Assert.All(answers, a => Assert.Equal(command.MessageId, Assert.IsType<SendAnswer.Accepted>(a).Message.Envelope.Id));
        Assert.All(answers, a => Assert.Equal(MessageState.Sent, Assert.IsType<SendAnswer.Accepted>(a).Message.State));
        Assert.Equal("once", await NextText());
        Assert.True(_cluster.Transport.NothingSent);
    }

    [Fact]
    public async Task A_repeated_call_that_learns_late_what_the_message_was_is_answered_with_what_it_is()
    {
        var (_, device) = await _cluster.NewDevice();
        var command = _cluster.Command("once", delay: 5, hold: Held);
        var first = device.Send(command);
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(5));
        var answerOfSecond = _acceptances.HoldNextAnswer();
        var second = device.Send(command);
        await _acceptances.Held;

        _cluster.Clock.Advance(TimeSpan.FromSeconds(5));
        await first;
        answerOfSecond.SetResult();

        Assert.Equal(MessageState.Sent, Assert.IsType<SendAnswer.Accepted>(await second.WaitAsync(TimeSpan.FromSeconds(10))).Message.State);
        Assert.Equal("once", await NextText());
        Assert.True(_cluster.Transport.NothingSent);
    }

    [Fact]
    public async Task The_same_id_with_another_payload_is_refused()
    {
        var (_, device) = await _cluster.NewDevice();
        var command = _cluster.Command("first", hold: Held);
        await device.Send(command);

        Assert.IsType<SendAnswer.KeyReused>(await device.Send(command with { Fingerprint = "second" }));
    }

    [Fact]
    public async Task A_device_that_is_not_connected_refuses_and_queues_only_when_asked_to()
    {
        var (_, device) = await _cluster.NewDevice(connected: false);

        var refusal = Assert.IsType<SendAnswer.NotReady>(await device.Send(_cluster.Command("hello")));

        Assert.Equal(DeviceState.Disconnected, refusal.State);
        Assert.True(refusal.RetryAfter >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_lost_session_keeps_messages_waiting_and_sends_them_once_it_is_back()
    {
        var (key, device) = await _cluster.NewDevice();
        await device.Handle([new DeviceEvent.Disconnected("the line broke", _cluster.Clock.GetUtcNow())]);
        await device.Send(_cluster.Command("patient") with { QueueWhenNotReady = true });
        Assert.True(_cluster.Transport.NothingSent);

        _cluster.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("patient", await NextText());
        Assert.Equal(
            [WebhookEvents.ManualReconnect, WebhookEvents.DeviceConnected, WebhookEvents.DeviceDisconnected, WebhookEvents.DeviceConnected],
            _cluster.Database.EventsOf(ClusterFixture.EndpointOf(key)).Take(4).Select(e => e.Type));
    }

    [Fact]
    public async Task Receipts_in_any_order_any_number_of_times_and_before_the_answer_end_in_the_same_state()
    {
        var (key, device) = await _cluster.NewDevice();
        var answer = new TaskCompletionSource<SendOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.Transport.Answer(key, _ => answer.Task);
        var send = device.Send(_cluster.Command("hello", hold: Held));
        var sent = await _cluster.Transport.NextSent();
        var now = _cluster.Clock.GetUtcNow();
        DeviceEvent delivered = new DeviceEvent.Receipt(sent.ProviderId, new(DeliveryStage.Delivered, now.AddSeconds(1)));
        DeviceEvent read = new DeviceEvent.Receipt(sent.ProviderId, new(DeliveryStage.Read, now.AddSeconds(2)));

        await device.Handle([read, delivered]);
        await device.Handle([delivered, read, read]);
        answer.SetResult(new SendOutcome.Accepted(sent.ProviderId, now));
        await send;
        await device.Handle([read]);

        var stored = (await _cluster.Messages.FindAsync(ClusterFixture.Tenant, sent.ProviderId))!;
        Assert.Equal(new MessageDelivery { SentAt = now, DeliveredAt = now.AddSeconds(1), ReadAt = now.AddSeconds(2) }, stored.Delivery);
        Assert.Equal(
            [WebhookEvents.MessageDelivered, WebhookEvents.MessageRead, WebhookEvents.MessageSent],
            _cluster.Database.EventsOf(ClusterFixture.EndpointOf(key)).Where(e => e.Message is not null).Select(e => e.Type).Order());
    }

    [Fact]
    public async Task Receipts_that_nobody_knows_are_kept_as_orphans()
    {
        var (key, device) = await _cluster.NewDevice();

        await device.Handle([new DeviceEvent.Receipt("3EB0AAAAAAAAAAAAAAAAAAAA", new(DeliveryStage.Delivered, _cluster.Clock.GetUtcNow()))]);

        Assert.Single(_cluster.Database.InboxOf(key, "orphan"));
    }

    [Fact]
    public async Task A_removed_device_fails_what_waits()
    {
        var (_, device) = await _cluster.NewDevice();
        var message = Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command("later", delay: 60))).Message;

        Assert.Equal(LinkResult.Done, (await device.Purge()).Result);

        Assert.Equal("device_removed", (await Stored(message)).Failure!.Code);
        Assert.IsType<SendAnswer.NoSuchDevice>(await device.Send(_cluster.Command("too late")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_that_is_being_stored_while_its_device_is_removed_is_not_accepted(bool limited)
    {
        var (_, device) = await _cluster.NewDevice();
        await _cluster.TenantGrain.SetLimits(new(null, new() { MessagesPerDay = limited ? 2 : null }));
        var removed = false;
        _cluster.Flushes.BeforeWrite = async _ =>
        {
            if (!removed)
            {
                removed = true;
                await device.Purge();
            }

            return WriteFault.None;
        };

        Assert.IsType<SendAnswer.NoSuchDevice>(await device.Send(_cluster.Command("hello")));
        Assert.Empty(_cluster.Database.Messages);
        Assert.Equal(limited ? [2L] : [], (await _cluster.TenantGrain.Look()).Policies.Select(state => state.Remaining));
    }

    private async Task<string> NextText() => ((TextContent)(await _cluster.Transport.NextSent()).Content).Text;

    private async Task<Message> Stored(Message message) => (await _cluster.Messages.FindAsync(ClusterFixture.Tenant, message.Envelope.Id))!;

    private async Task<IEnumerable<TimelineKind>> Timeline(string id) =>
        (await _cluster.Messages.ReadTimelineAsync(ClusterFixture.Tenant, id)).Select(e => e.Kind);
}
