using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Domain.Webhooks;
using Wuts.Grains.Devices;
using Wuts.Storage;
using Wuts.Testing.Memory;

namespace Wuts.Grains.Tests;

/// <summary>What becomes of a message for which the network or the database gave another answer than yes, or none.</summary>
public sealed class SendOutcomeTests : IAsyncLifetime
{
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(20);

    private ClusterFixture _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterFixture.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

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

        var send = device.Send(_cluster.Command("hello", hold: TimeSpan.FromHours(1)));
        await _cluster.TickUntil(TimeSpan.FromSeconds(1), () => Task.FromResult(send.IsCompleted));

        Assert.True(lost);
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
    public async Task Whoever_repeats_between_a_receipt_and_the_outcome_that_it_overtook_is_told_the_same()
    {
        var (key, device) = await _cluster.NewDevice();
        var outcome = new TaskCompletionSource<SendOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.Transport.Answer(key, _ => outcome.Task);
        var command = _cluster.Command("hello", hold: Held);

        var first = device.Send(command);
        var sent = await _cluster.Transport.NextSent();
        var second = device.Send(command with { Hold = TimeSpan.FromSeconds(3) });
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(3));
        Assert.Equal(MessageState.Delivered, (await Delivered(sent))!.State);
        var third = device.Send(command with { Hold = TimeSpan.FromSeconds(4) });
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(4));
        outcome.SetResult(_cluster.Transport.Taken(sent));

        foreach (var answer in await Task.WhenAll(first, second, third))
        {
            Assert.Equal(_cluster.Clock.GetUtcNow(), Assert.IsType<SendAnswer.Accepted>(answer).Message.Delivery.SentAt);
        }
    }

    [Fact]
    public async Task An_outcome_that_a_receipt_overtook_is_waited_for_but_not_long()
    {
        var (key, device) = await _cluster.NewDevice();
        var never = new TaskCompletionSource<SendOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.Transport.Answer(key, _ => never.Task);
        await device.Send(_cluster.Command("hello"));
        var sent = await _cluster.Transport.NextSent();

        var waiting = _cluster.Message(sent.ProviderId).WaitUntilDispatched(Held);
        await _cluster.Clock.TimerArmed(Held);
        await Delivered(sent);
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(5));
        Assert.False(waiting.IsCompleted);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(MessageState.Delivered, (await waiting)!.State);
        never.SetResult(new SendOutcome.Unknown("The test is over."));
    }

    private Task<Message?> Delivered(OutboundMessage message) =>
        _cluster.Message(message.ProviderId).Apply([new(DeliveryStage.Delivered, _cluster.Clock.GetUtcNow() + TimeSpan.FromSeconds(1))]);

    private async Task<string> NextText() => ((TextContent)(await _cluster.Transport.NextSent()).Content).Text;

    private async Task<Message> Stored(Message message) => (await _cluster.Messages.FindAsync(ClusterFixture.Tenant, message.Envelope.Id))!;
}
