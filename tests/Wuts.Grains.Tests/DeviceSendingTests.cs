using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Domain.Webhooks;
using Wuts.Grains.Devices;
using Wuts.Grains.Messages;
using Wuts.Storage;
using Wuts.Testing.Memory;

namespace Wuts.Grains.Tests;

public sealed class DeviceSendingTests : IAsyncLifetime
{
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(20);

    private ClusterFixture _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterFixture.StartAsync();

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
    public async Task The_same_id_with_another_payload_is_refused()
    {
        var (_, device) = await _cluster.NewDevice();
        var command = _cluster.Command("first", hold: Held);
        await device.Send(command);

        Assert.IsType<SendAnswer.KeyReused>(await device.Send(command with { Fingerprint = "second" }));
    }

    [Fact]
    public async Task A_refusal_that_may_pass_is_retried_and_holds_only_its_chat()
    {
        var (key, device) = await _cluster.NewDevice();
        var throttled = new Failure("throttled", FailureClass.Transient, Retryable: true, "The network is busy.");
        var refused = false;
        _cluster.Transport.Answer(key, message => Task.FromResult(
            !refused && (refused = true) ? new SendOutcome.Refused(throttled, TimeSpan.FromSeconds(7)) : _cluster.Transport.Taken(message)));

        var send = device.Send(_cluster.Command("A", hold: Held));
        Assert.Equal("A", await NextText());
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(7));
        await device.Send(_cluster.Command("B"));
        await device.Send(_cluster.Command("C", chat: "5511988880002", hold: Held));
        Assert.Equal("C", await NextText());
        _cluster.Clock.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal("A", await NextText());
        Assert.Equal("B", await NextText());
        Assert.Equal(2, Assert.IsType<SendAnswer.Accepted>(await send).Message.Attempt);
    }

    [Fact]
    public async Task A_final_refusal_fails_the_message_with_its_reason()
    {
        var (key, device) = await _cluster.NewDevice();
        _cluster.Transport.Answer(key, _ => Task.FromResult<SendOutcome>(
            new SendOutcome.Refused(new("not_on_whatsapp", FailureClass.Recipient, Retryable: false, "This number is not on WhatsApp."))));

        var message = Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command("hello", hold: Held))).Message;

        Assert.Equal(MessageState.Failed, message.State);
        Assert.Equal("not_on_whatsapp", message.Failure!.Code);
        Assert.Contains(_cluster.Database.EventsOf(ClusterFixture.EndpointOf(key)), e => e.Type == WebhookEvents.MessageFailed);
    }

    [Fact]
    public async Task An_unknown_outcome_is_never_resent_without_evidence()
    {
        var (key, device) = await _cluster.NewDevice();
        _cluster.Transport.Answer(key, _ => Task.FromResult<SendOutcome>(new SendOutcome.Unknown("no answer")));

        var message = Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command("hello", hold: Held))).Message;
        Assert.Equal(MessageState.Uncertain, message.State);
        await NextText();
        var letBe = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.Flushes.BeforeWrite = written =>
        {
            letBe.SetResult(); // the only write that follows
            return Task.FromResult(WriteFault.None);
        };
        for (var asked = TimeSpan.Zero; asked < TimeSpan.FromMinutes(2); asked += TimeSpan.FromSeconds(2))
        {
            await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(2));
            Assert.False(letBe.Task.IsCompleted);
            _cluster.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        await letBe.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await device.Wake();
        Assert.Equal(0, (await device.GetSnapshot())!.Waiting);
        Assert.True(_cluster.Transport.NothingSent);
        Assert.Equal(MessageState.Uncertain, (await Stored(message)).State);
        Assert.NotNull((await Stored(message)).OverdueAt);
    }

    [Fact]
    public async Task Evidence_that_the_network_has_it_makes_it_sent_and_evidence_that_it_has_not_sends_it()
    {
        var (key, device) = await _cluster.NewDevice();
        var first = true;
        _cluster.Transport.Answer(key, message => Task.FromResult(
            first && !(first = false) ? new SendOutcome.Unknown("no answer") : _cluster.Transport.Taken(message)));
        _cluster.Transport.Know(key, _ => new SendEvidence.NotTaken());

        var message = Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command("hello", hold: Held))).Message;
        Assert.Equal(message.Envelope.Id, (await _cluster.Transport.NextSent()).ProviderId);
        Assert.Equal(message.Envelope.Id, (await _cluster.Transport.NextSent()).ProviderId); // the same id again: the same message
        await _cluster.Message(message.Envelope.Id).WaitUntilDispatched(Held);

        var stored = await Stored(message);
        Assert.Equal(MessageState.Sent, stored.State);
        Assert.NotNull(stored.UncertainAt);
        Assert.Equal(2, stored.Attempt);
    }

    [Fact]
    public async Task A_claim_whose_answer_was_lost_is_neither_lost_nor_handed_over_twice()
    {
        var (_, device) = await _cluster.NewDevice();
        var lost = false;
        _cluster.Flushes.BeforeWrite = message => Task.FromResult(
            message.State == MessageState.Dispatching && !lost && (lost = true) ? WriteFault.LoseAnswer : WriteFault.None);

        var send = device.Send(_cluster.Command("hello", hold: Held));
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(1));
        _cluster.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(MessageState.Sent, Assert.IsType<SendAnswer.Accepted>(await send).Message.State);
        Assert.Equal("hello", await NextText());
        Assert.True(_cluster.Transport.NothingSent);
    }

    [Fact]
    public async Task An_acceptance_whose_answer_was_lost_is_given_again_to_the_repeated_request()
    {
        var (_, device) = await _cluster.NewDevice();
        var lost = false;
        _cluster.Flushes.BeforeWrite = message => Task.FromResult(
            message.Version == 1 && !lost && (lost = true) ? WriteFault.LoseAnswer : WriteFault.None);
        var command = _cluster.Command("hello", hold: Held);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => device.Send(command));
        var answer = Assert.IsType<SendAnswer.Accepted>(await device.Send(command));

        Assert.Equal(MessageState.Sent, answer.Message.State);
        Assert.Equal("hello", await NextText());
        Assert.True(_cluster.Transport.NothingSent);
    }

    [Fact]
    public async Task Messages_of_an_earlier_life_are_sent_in_order_and_a_claimed_one_is_not_sent_again()
    {
        var (key, _) = await _cluster.NewDevice();
        var epoch = (await _cluster.Devices.FindAsync(key))!.Epoch;
        var claimed = await StoreUnsent(key, epoch, "claimed", "5511988880001", claim: true);
        var waiting = await StoreUnsent(key, epoch, "waiting", "5511988880001", claim: false);
        _cluster.Transport.Know(key, _ => new SendEvidence.Taken(_cluster.Clock.GetUtcNow()));

        await _cluster.Devices.RaiseEpochAsync(key); // as another activation would: this one is stale now
        var device = _cluster.Device(key);
        await Assert.ThrowsAnyAsync<Exception>(() => device.Send(_cluster.Command("refused by the fence", hold: Held)));
        await device.Wake();

        Assert.Equal("waiting", await NextText());
        await _cluster.Message(waiting).WaitUntilDispatched(Held);
        Assert.Equal(MessageState.Sent, (await _cluster.Messages.FindAsync(ClusterFixture.Tenant, claimed))!.State);
        Assert.NotNull((await _cluster.Messages.FindAsync(ClusterFixture.Tenant, claimed))!.UncertainAt);
        Assert.True(_cluster.Transport.NothingSent);
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

    private async Task<string> StoreUnsent(DeviceKey key, long epoch, string text, string chat, bool claim)
    {
        var command = _cluster.Command(text, chat);
        var now = _cluster.Clock.GetUtcNow();
        var envelope = new MessageEnvelope
        {
            Id = command.MessageId, TenantId = key.TenantId, DeviceId = key.DeviceId, UserId = ClusterFixture.User, ChatJid = command.ChatJid,
            Content = command.Content, Fingerprint = text, AcceptedAt = now, DueAt = now, Typing = TimeSpan.Zero,
            Position = _cluster.Clock.GetTimestamp() + (claim ? 0 : 1),
        };
        await _cluster.Messages.WriteAsync(Message.Accept(envelope, epoch, claim), fenced: true);
        return envelope.Id;
    }

    private async Task<string> NextText() => ((TextContent)(await _cluster.Transport.NextSent()).Content).Text;

    private async Task<Message> Stored(Message message) => (await _cluster.Messages.FindAsync(ClusterFixture.Tenant, message.Envelope.Id))!;

    private async Task<IEnumerable<TimelineKind>> Timeline(string id) =>
        (await _cluster.Messages.ReadTimelineAsync(ClusterFixture.Tenant, id)).Select(e => e.Kind);
}
