using Wuts.Domain.Delivery;
using Wuts.Domain.Webhooks;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Delivery;

public sealed class MessageRecordTests
{
    private static readonly DispatchOutcome Accepted = new DispatchOutcome.Accepted("wamid.1", T0.AddSeconds(4));
    private static readonly DispatchOutcome Retry = new DispatchOutcome.Retry(Busy, T0.AddMinutes(1));
    private static readonly DispatchOutcome Failed = new DispatchOutcome.Failed(Undeliverable);
    private static readonly DispatchOutcome Unknown = new DispatchOutcome.Unknown("no answer");
    private static readonly DispatchOutcome NotTaken = new DispatchOutcome.NotTaken();
    private static readonly DispatchOutcome LeftUncertain = new DispatchOutcome.LeftUncertain();

    public static TheoryData<DispatchOutcome> Outcomes { get; } = [Accepted, Retry, Failed, Unknown, NotTaken, LeftUncertain];

    [Fact]
    public void Accepted_by_the_network_it_is_sent_under_the_networks_id()
    {
        var recorded = Dispatching().TryRecord(Accepted)!;

        Assert.Equal((MessageState.Sent, MessageState.Sent), (recorded.Message.State, recorded.Message.Dispatch));
        Assert.Equal(("wamid.1", T0.AddSeconds(4)), (recorded.Message.ProviderId, recorded.Message.Delivery.SentAt));
        Assert.Equal<TimelineEntry>([new(T0.AddSeconds(4), TimelineKind.Sent, TimelineSource.Device, 1)], recorded.Timeline);
        Assert.Equal<WebhookEvent>([new(WebhookEvents.MessageSent, T0.AddSeconds(4))], recorded.Events);
    }

    [Fact]
    public void To_be_retried_it_goes_back_to_the_queue_with_its_reason_and_tells_nobody()
    {
        var recorded = Dispatching().TryRecord(Retry)!;

        Assert.Equal((MessageState.Queued, T0.AddMinutes(1), Busy), (recorded.Message.State, recorded.Message.NotBefore, recorded.Message.LastFailure));
        Assert.Equal([TimelineKind.RetryScheduled], recorded.Timeline.Select(e => e.Kind));
        Assert.Empty(recorded.Events);
    }

    [Fact]
    public void Refused_for_good_it_has_failed_and_says_why()
    {
        var recorded = Dispatching().TryRecord(Failed)!;

        Assert.Equal((MessageState.Failed, Undeliverable), (recorded.Message.State, recorded.Message.Failure));
        Assert.Equal<TimelineEntry>(
            [new(T0.AddSeconds(10), TimelineKind.Failed, TimelineSource.Device, 1, "131026: The number is not on WhatsApp.")],
            recorded.Timeline);
        Assert.Equal<WebhookEvent>([new(WebhookEvents.MessageFailed, T0.AddSeconds(10))], recorded.Events);
    }

    [Fact]
    public void An_unknown_outcome_is_uncertain_and_told_as_such()
    {
        var recorded = Dispatching().TryRecord(Unknown)!;

        Assert.Equal((MessageState.Uncertain, T0.AddSeconds(10)), (recorded.Message.State, recorded.Message.UncertainAt));
        Assert.Equal<TimelineEntry>([new(T0.AddSeconds(10), TimelineKind.Uncertain, TimelineSource.Device, 1, "no answer")], recorded.Timeline);
        Assert.Equal<WebhookEvent>([new(WebhookEvents.MessageUncertain, T0.AddSeconds(10))], recorded.Events);
    }

    [Fact]
    public void Never_taken_by_the_network_it_goes_back_to_its_place_and_may_be_claimed_at_once()
    {
        var recorded = Uncertain().TryRecord(NotTaken)!;

        Assert.Equal(MessageState.Queued, recorded.Message.State);
        Assert.NotNull(recorded.Message.Claim(1, T0.AddSeconds(10)));
        Assert.Equal([(TimelineKind.NotSent, TimelineSource.Network)], recorded.Timeline.Select(e => (e.Kind, e.Source)));
        Assert.Empty(recorded.Events);
    }

    [Fact]
    public void Left_uncertain_it_stays_so_flagged_and_no_longer_open()
    {
        var recorded = Uncertain().TryRecord(LeftUncertain)!;

        Assert.Equal((MessageState.Uncertain, T0.AddSeconds(10), false), (recorded.Message.State, recorded.Message.OverdueAt, recorded.Message.IsOpen));
        Assert.Equal([TimelineKind.Overdue], recorded.Timeline.Select(e => e.Kind));
        Assert.Null(recorded.Message.TryRecord(LeftUncertain));
    }

    [Fact]
    public void Evidence_settles_an_uncertain_message_either_way()
    {
        Assert.Equal(MessageState.Sent, Uncertain().Record(Accepted).State);
        Assert.Equal(MessageState.Failed, Uncertain().Record(Failed).State);
        Assert.Equal(MessageState.Queued, Uncertain().Record(Retry).State);
        Assert.Equal(T0.AddSeconds(10), Uncertain().Record(Accepted).UncertainAt);
    }

    [Fact]
    public void To_be_uncertain_twice_is_no_news() => Assert.Null(Uncertain().TryRecord(Unknown));

    [Fact]
    public void When_it_was_first_uncertain_is_kept()
    {
        var again = Uncertain().Record(NotTaken).Claim(1, T0.AddHours(1))!.Message;

        Assert.Equal(T0.AddSeconds(10), again.Record(1, 2, Unknown, T0.AddHours(1))!.Message.UncertainAt);
    }

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void Only_the_current_attempt_under_its_own_epoch_is_recorded(DispatchOutcome outcome)
    {
        var second = Dispatching().Record(Retry).Claim(epoch: 5, T0.AddMinutes(1))!.Message;

        Assert.Null(second.Record(epoch: 5, attempt: 1, outcome, T0));
        Assert.Null(second.Record(epoch: 5, attempt: 3, outcome, T0));
        Assert.Null(second.Record(epoch: 4, attempt: 2, outcome, T0));
        Assert.Null(second.Record(epoch: 6, attempt: 2, outcome, T0));
        Assert.NotNull(second.Record(epoch: 5, attempt: 2, outcome, T0));
    }

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void What_is_not_being_dispatched_has_no_outcome(DispatchOutcome outcome)
    {
        Assert.Null(Queued().TryRecord(outcome));
        Assert.Null(Dispatching().Record(Retry).TryRecord(outcome));
        Assert.Null(Dispatching().Record(Accepted).TryRecord(outcome));
        Assert.Null(Dispatching().Record(Failed).TryRecord(outcome));
    }

    [Fact]
    public void A_success_forgets_the_failures_before_it() =>
        Assert.Null(Dispatching().Record(Retry).Claim(1, T0.AddMinutes(1))!.Message.Record(Accepted).LastFailure);

    [Fact]
    public void A_claim_is_its_owners_until_the_outcome_is_recorded()
    {
        Assert.True(Dispatching().IsClaimedBy(epoch: 1, attempt: 1));
        Assert.False(Dispatching().IsClaimedBy(epoch: 2, attempt: 1));
        Assert.False(Dispatching().IsClaimedBy(epoch: 1, attempt: 2));
        Assert.False(Queued().IsClaimedBy(epoch: 1, attempt: 0));
        Assert.False(Uncertain().IsClaimedBy(epoch: 1, attempt: 1));
        Assert.False(Dispatching().Apply(DeliveryStage.Delivered).IsClaimedBy(epoch: 1, attempt: 1));
    }
}
