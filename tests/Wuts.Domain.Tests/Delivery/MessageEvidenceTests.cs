using Wuts.Domain.Delivery;
using Wuts.Domain.Webhooks;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Delivery;

/// <summary>What the network proves against what we infer.</summary>
public sealed class MessageEvidenceTests
{
    private static readonly DispatchOutcome Unknown = new DispatchOutcome.Unknown("no answer");
    private static readonly DispatchOutcome Failed = new DispatchOutcome.Failed(Undeliverable);

    [Fact]
    public void Several_events_are_one_transition_with_a_line_and_a_webhook_event_each()
    {
        var applied = Sent().Apply([Event(DeliveryStage.Read, 30), Event(DeliveryStage.Delivered, 20), Event(DeliveryStage.Read, 40)])!;

        Assert.Equal((MessageState.Read, 3), (applied.Message.State, applied.Message.Version));
        Assert.Equal<TimelineEntry>(
            [new(T0.AddSeconds(30), TimelineKind.Read, TimelineSource.Network, 1), new(T0.AddSeconds(20), TimelineKind.Delivered, TimelineSource.Network, 1)],
            applied.Timeline);
        Assert.Equal<WebhookEvent>(
            [new(WebhookEvents.MessageRead, T0.AddSeconds(30)), new(WebhookEvents.MessageDelivered, T0.AddSeconds(20))],
            applied.Events);
    }

    [Theory]
    [InlineData(DeliveryStage.Sent, TimelineKind.Sent, WebhookEvents.MessageSent)]
    [InlineData(DeliveryStage.Failed, TimelineKind.Failed, WebhookEvents.MessageFailed)]
    [InlineData(DeliveryStage.Delivered, TimelineKind.Delivered, WebhookEvents.MessageDelivered)]
    [InlineData(DeliveryStage.Read, TimelineKind.Read, WebhookEvents.MessageRead)]
    [InlineData(DeliveryStage.Played, TimelineKind.Played, WebhookEvents.MessagePlayed)]
    public void Each_stage_has_its_line_and_its_event(DeliveryStage stage, TimelineKind kind, string webhook)
    {
        var applied = Dispatching().TryApply(stage)!;

        Assert.Equal((kind, TimelineSource.Network), (Assert.Single(applied.Timeline).Kind, applied.Timeline[0].Source));
        Assert.Equal(webhook, Assert.Single(applied.Events).Type);
    }

    [Fact]
    public void A_repeated_event_is_no_news()
    {
        var read = Sent().Apply(DeliveryStage.Read);

        Assert.Null(read.TryApply(DeliveryStage.Read));
        Assert.Null(read.TryApply(DeliveryStage.Read, seconds: 99));
        Assert.Null(read.Apply([]));
    }

    [Fact]
    public void A_corrected_time_is_a_line_but_no_second_event()
    {
        var corrected = Sent().Apply(DeliveryStage.Read, seconds: 30).TryApply(DeliveryStage.Read, seconds: 20)!;

        Assert.Equal(T0.AddSeconds(20), corrected.Message.Delivery.ReadAt);
        Assert.Single(corrected.Timeline);
        Assert.Empty(corrected.Events);
    }

    [Fact]
    public void Delivery_outweighs_a_refusal_an_unknown_outcome_and_a_failure_in_any_order()
    {
        Assert.Equal(MessageState.Delivered, Dispatching().Record(Failed).Apply(DeliveryStage.Delivered).State);
        Assert.Equal(MessageState.Delivered, Uncertain().Apply(DeliveryStage.Delivered).State);
        Assert.Equal(MessageState.Delivered, Sent().Apply(DeliveryStage.Failed).Apply(DeliveryStage.Delivered).State);
        Assert.Equal(MessageState.Delivered, Sent().Apply(DeliveryStage.Delivered).Apply(DeliveryStage.Failed).State);
        Assert.Equal(MessageState.Delivered, (Queued() with { Dispatch = MessageState.Expired }).Apply(DeliveryStage.Delivered).State);
    }

    [Fact]
    public void A_delivered_message_has_no_failure() =>
        Assert.Null(Dispatching().Record(Failed).Apply(DeliveryStage.Delivered).Failure);

    [Fact]
    public void A_failure_after_sent_is_possible_and_keeps_its_reason()
    {
        var failed = Sent().Apply(DeliveryStage.Failed);

        Assert.Equal((MessageState.Failed, Undeliverable), (failed.State, failed.Failure));
    }

    [Fact]
    public void A_receipt_that_overtakes_the_outcome_counts_and_the_outcome_is_still_recorded()
    {
        var delivered = Dispatching().Apply(DeliveryStage.Delivered);
        var recorded = delivered.TryRecord(new DispatchOutcome.Accepted("wamid.1", T0.AddSeconds(4)))!;

        Assert.Equal(MessageState.Delivered, delivered.State);
        Assert.Equal((MessageState.Delivered, MessageState.Sent), (recorded.Message.State, recorded.Message.Dispatch));
        Assert.Equal([WebhookEvents.MessageSent], recorded.Events.Select(e => e.Type));
    }

    [Fact]
    public void An_acceptance_after_a_receipt_of_it_still_leaves_a_line()
    {
        var recorded = Dispatching().Apply(DeliveryStage.Sent, seconds: 4).TryRecord(new DispatchOutcome.Accepted("wamid.1", T0.AddSeconds(4)))!;

        Assert.Equal((MessageState.Sent, "wamid.1"), (recorded.Message.Dispatch, recorded.Message.ProviderId));
        Assert.NotEmpty(recorded.Timeline);
        Assert.Empty(recorded.Events);
    }

    [Fact]
    public void An_unknown_outcome_after_a_receipt_is_not_told_as_uncertain() =>
        Assert.DoesNotContain(
            Dispatching().Apply(DeliveryStage.Delivered).TryRecord(Unknown)?.Events ?? [],
            @event => @event.Type == WebhookEvents.MessageUncertain);

    [Fact]
    public void A_refusal_after_a_receipt_is_not_told_as_a_failure() =>
        Assert.DoesNotContain(
            Dispatching().Apply(DeliveryStage.Delivered).TryRecord(Failed)?.Events ?? [],
            @event => @event.Type == WebhookEvents.MessageFailed);

    [Fact]
    public void What_a_receipt_settled_is_not_left_uncertain() =>
        Assert.Null(Uncertain().Apply(DeliveryStage.Delivered).TryRecord(new DispatchOutcome.LeftUncertain()));

    [Fact]
    public void A_refusal_that_the_network_reports_again_is_told_once() =>
        Assert.Empty(Dispatching().Record(Failed).TryApply(DeliveryStage.Failed)?.Events ?? []);

    [Fact]
    public void Only_a_sent_message_without_a_receipt_can_be_overdue_and_only_once()
    {
        var flagged = Sent().FlagOverdue(T0.AddDays(1))!;

        Assert.Equal((T0.AddDays(1), 3), (flagged.Message.OverdueAt, flagged.Message.Version));
        Assert.Equal([(TimelineKind.Overdue, TimelineSource.Rule)], flagged.Timeline.Select(e => (e.Kind, e.Source)));
        Assert.Null(flagged.Message.FlagOverdue(T0.AddDays(2)));
        Assert.Null(Queued().FlagOverdue(T0));
        Assert.Null(Dispatching().FlagOverdue(T0));
        Assert.Null(Uncertain().FlagOverdue(T0));
        Assert.Null(Sent().Apply(DeliveryStage.Delivered).FlagOverdue(T0));
    }
}
