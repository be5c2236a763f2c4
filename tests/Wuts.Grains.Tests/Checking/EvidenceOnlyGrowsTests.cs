using Wuts.Domain.Delivery;
using Wuts.Testing.Checking;
using static Wuts.Domain.Delivery.MessageState;

namespace Wuts.Grains.Tests.Checking;

public sealed class EvidenceOnlyGrowsTests
{
    [Theory]
    [InlineData(Queued, Dispatching, Sent, Failed, Delivered)]
    [InlineData(Queued, Dispatching, Queued, Dispatching, Delivered)]
    [InlineData(Queued, Dispatching, Uncertain, Queued, Dispatching, Failed, Sent, Delivered)]
    [InlineData(Queued, Expired, Delivered, Delivered)]
    [InlineData]
    public void Proof_may_only_become_stronger(params MessageState[] states) => With(states).IsHealthy();

    [Theory]
    [InlineData(Queued, Dispatching, Sent, Queued, Delivered)]
    [InlineData(Queued, Dispatching, Sent, Uncertain, Delivered)]
    [InlineData(Queued, Dispatching, Sent, Failed, Sent, Delivered)]
    [InlineData(Queued, Dispatching, Read, Delivered)]
    [InlineData(Queued, Dispatching, Delivered, Failed, Delivered)]
    [InlineData(Queued, Dispatching, Failed, Queued, Delivered)]
    [InlineData(Queued, Canceled, Queued, Delivered)]
    [InlineData(Queued, Rejected, Expired, Delivered)]
    public void Anything_else_goes_back(params MessageState[] states) => With(states).BreaksOnly(Invariant.EvidenceOnlyGrows, "a");

    [Fact]
    public void What_the_row_says_in_the_end_counts_too() => new Story().Message("a")
        .But(h => h.Row("a", r => r with { States = [Queued, Dispatching, Read] }))
        .BreaksOnly(Invariant.EvidenceOnlyGrows, "a");

    [Theory]
    [InlineData(TimelineSource.Network, false)]
    [InlineData(TimelineSource.Device, true)]
    public void A_failure_that_the_network_told_is_stronger_than_sent_and_our_own_is_not(TimelineSource by, bool fine)
    {
        History story = new Story().Message("a", life: [Story.Claimed(0.2), Story.Failed(1, by), Story.Sent(2), Story.Delivered(3)]);
        if (fine)
        {
            story.IsHealthy();
        }
        else
        {
            story.BreaksOnly(Invariant.EvidenceOnlyGrows, "a");
        }
    }

    [Theory]
    [InlineData(DeliveryStage.Sent)]
    [InlineData(DeliveryStage.Failed)]
    [InlineData(DeliveryStage.Delivered)]
    public void Receipts_that_the_state_implies_are_remembered(DeliveryStage stage) => Receipt("a", stage).IsHealthy();

    [Theory]
    [InlineData(DeliveryStage.Read)]
    [InlineData(DeliveryStage.Played)]
    public void A_receipt_that_was_acknowledged_and_does_not_show_is_forgotten(DeliveryStage stage) =>
        Receipt("a", stage).BreaksOnly(Invariant.EvidenceOnlyGrows, "a");

    [Fact]
    public void Receipts_for_messages_that_nobody_knows_mean_nothing() => Receipt("stranger", DeliveryStage.Played).IsHealthy();

    [Fact]
    public void That_we_gave_a_message_up_is_no_answer_to_a_receipt() => new Story().Message("a", life: [Story.Claimed(0.2), Story.Failed(1)], left: [0.4])
        .But(h => h with { Receipts = [new(Story.At(5), "a", DeliveryStage.Sent)] })
        .BreaksOnly(Invariant.EvidenceOnlyGrows, "a");

    [Fact]
    public void What_a_client_was_told_stays_true() => new Story().Message("a")
        .But(h => h.Request("a", r => r with { Answer = new ClientAnswer.Accepted("a", Read) }))
        .BreaksOnly(Invariant.EvidenceOnlyGrows, "a");

    private static History Receipt(string id, DeliveryStage stage) => new Story().Message("a")
        .But(h => h with { Receipts = h.Receipts.Add(new(Story.At(5), id, stage)) });

    // Without a timeline, and so without knowing who said that it failed.
    private static History With(MessageState[] states) => new Story().Message("a")
        .But(h => h.Row("a", r => r with { States = [.. states], Timeline = [], WasUncertain = states.Contains(Uncertain) }) with { WatchedEndpoints = [] });
}
