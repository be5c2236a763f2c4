using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Delivery;

public sealed class MessageClaimTests
{
    [Fact]
    public void Acceptance_queues_the_message_at_version_1()
    {
        var accepted = Message.Accept(Envelope(), epoch: 4, claim: false);

        Assert.Equal((MessageState.Queued, 1, 4L, 0), (accepted.Message.State, accepted.Message.Version, accepted.Message.Epoch, accepted.Message.Attempt));
        Assert.Equal<TimelineEntry>([new(T0, TimelineKind.Accepted, TimelineSource.Api, 0)], accepted.Timeline);
        Assert.Empty(accepted.Events);
    }

    [Fact]
    public void An_idle_device_accepts_and_claims_in_one_write()
    {
        var accepted = Message.Accept(Envelope(), epoch: 4, claim: true);

        Assert.Equal((MessageState.Dispatching, 1, 4L, 1), (accepted.Message.State, accepted.Message.Version, accepted.Message.Epoch, accepted.Message.Attempt));
        Assert.Equal<TimelineEntry>(
            [new(T0, TimelineKind.Accepted, TimelineSource.Api, 0), new(T0, TimelineKind.Claimed, TimelineSource.Device, 1)],
            accepted.Timeline);
    }

    [Fact]
    public void A_claim_takes_the_next_attempt_under_the_claimants_epoch()
    {
        var claimed = Queued().Claim(epoch: 3, T0)!;

        Assert.Equal((MessageState.Dispatching, 2, 3L, 1), (claimed.Message.State, claimed.Message.Version, claimed.Message.Epoch, claimed.Message.Attempt));
        Assert.Equal<TimelineEntry>([new(T0, TimelineKind.Claimed, TimelineSource.Device, 1)], claimed.Timeline);
        Assert.Empty(claimed.Events);
    }

    [Fact]
    public void The_id_for_the_network_is_fixed_before_the_first_attempt_and_stays_for_every_attempt()
    {
        var first = Dispatching();
        var second = first.Record(new DispatchOutcome.Retry(Busy, T0)).Claim(1, T0)!.Message;

        Assert.Equal((first.Envelope.Id, first.Envelope.Id), (first.ProviderId, second.ProviderId));
        Assert.Equal(2, second.Attempt);
    }

    [Fact]
    public void It_is_claimed_only_once() => Assert.Null(Dispatching().Claim(epoch: 2, T0.AddDays(1)));

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    [InlineData(6, true)]
    public void An_older_epoch_than_the_last_may_not_claim(long epoch, bool allowed) =>
        Assert.Equal(allowed, Message.Accept(Envelope(), epoch: 5, claim: false).Message.Claim(epoch, T0) is not null);

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void It_is_not_claimed_before_it_is_due(int millisecondsAfterDue, bool allowed)
    {
        var delay = TimeSpan.FromSeconds(60);

        Assert.Equal(allowed, Queued(delay).Claim(1, T0 + delay + TimeSpan.FromMilliseconds(millisecondsAfterDue)) is not null);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    public void A_retry_is_not_claimed_before_its_time(int millisecondsAfterRetry, bool allowed)
    {
        var at = T0.AddMinutes(5);
        var retrying = Dispatching().Record(new DispatchOutcome.Retry(Busy, at));

        Assert.Equal(allowed, retrying.Claim(1, at.AddMilliseconds(millisecondsAfterRetry)) is not null);
    }

    [Theory]
    [InlineData(DeliveryStage.Sent)]
    [InlineData(DeliveryStage.Failed)]
    [InlineData(DeliveryStage.Delivered)]
    [InlineData(DeliveryStage.Read)]
    [InlineData(DeliveryStage.Played)]
    public void After_any_evidence_it_is_not_claimed_again(DeliveryStage evidence)
    {
        Assert.Null(Queued().Apply(evidence).Claim(9, T0.AddDays(1)));
        Assert.Null(Dispatching().Record(new DispatchOutcome.Retry(Busy, T0)).Apply(evidence).Claim(9, T0.AddDays(1)));
        var overtaken = Dispatching().Apply(evidence);
        Assert.Null((overtaken.TryRecord(new DispatchOutcome.Retry(Busy, T0))?.Message ?? overtaken).Claim(9, T0.AddDays(1)));
        Assert.Null(Uncertain().Apply(evidence).Claim(9, T0.AddDays(1)));
    }

    [Fact]
    public void A_message_whose_outcome_is_unknown_is_not_claimed() => Assert.Null(Uncertain().Claim(9, T0.AddDays(1)));

    [Fact]
    public void A_text_message_is_of_kind_text() => Assert.Equal("text", ((MessageContent)new TextContent("x", [])).Kind);
}
