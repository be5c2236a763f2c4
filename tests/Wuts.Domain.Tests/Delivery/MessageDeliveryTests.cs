using FsCheck.Fluent;
using Wuts.Domain.Delivery;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Delivery;

public sealed class MessageDeliveryTests
{
    [Fact]
    public void Any_order_of_the_same_events_each_any_number_of_times_is_the_same_delivery() => Law.ForAll(
        Gen.ArrayOf(AnyEvent).SelectMany(events => Sequences.ShuffledWithRepeats(events).Select(other => (events, other))),
        orders => Assert.Equal(Joined(orders.events), Joined(orders.other)));

    [Fact]
    public void Each_stage_keeps_its_own_first_time() => Law.ForAll(Sequences.Of(AnyEvent), events =>
    {
        var delivery = Joined(events);
        Assert.All(Enum.GetValues<DeliveryStage>(), stage => Assert.Equal(
            events.Where(e => e.Stage == stage).Min(e => (DateTimeOffset?)e.At), delivery.At(stage)));
    });

    [Fact]
    public void No_event_ever_lowers_the_state() => Law.ForAll(Sequences.Of(AnyEvent), events =>
    {
        var delivery = MessageDelivery.None;
        foreach (var @event in events)
        {
            var next = delivery.Apply(@event);
            Assert.True((next.State ?? 0) >= (delivery.State ?? 0), $"{delivery.State} became {next.State} by {@event.Stage}");
            delivery = next;
        }
    });

    [Fact]
    public void An_event_that_brings_no_news_returns_the_very_same_delivery() => Law.ForAll(Sequences.Of(AnyEvent), events =>
    {
        var delivery = Joined(events);
        Assert.All(events, @event => Assert.Same(delivery, delivery.Apply(@event)));
    });

    [Fact]
    public void A_failure_is_kept_exactly_when_there_is_one() => Law.ForAll(Sequences.Of(AnyEvent), events =>
    {
        var delivery = Joined(events);
        Assert.Equal(delivery.FailedAt is null, delivery.Failure is null);
    });

    [Fact]
    public void Of_two_failures_with_one_code_at_one_instant_the_order_of_arrival_does_not_decide()
    {
        DeliveryEvent first = new(DeliveryStage.Failed, T0, Undeliverable);
        DeliveryEvent second = new(DeliveryStage.Failed, T0, Undeliverable with { Explanation = "Recipient is not a WhatsApp user." });

        Assert.Equal(Joined([first, second]), Joined([second, first]));
    }

    [Fact]
    public void An_earlier_time_for_a_known_stage_corrects_it() =>
        Assert.Equal(T0.AddSeconds(1), Joined([Event(DeliveryStage.Read, 5), Event(DeliveryStage.Read, 1)]).ReadAt);

    [Theory]
    [InlineData(new DeliveryStage[0], null)]
    [InlineData(new[] { DeliveryStage.Sent }, MessageState.Sent)]
    [InlineData(new[] { DeliveryStage.Sent, DeliveryStage.Failed }, MessageState.Failed)]
    [InlineData(new[] { DeliveryStage.Delivered }, MessageState.Delivered)]
    [InlineData(new[] { DeliveryStage.Delivered, DeliveryStage.Failed }, MessageState.Delivered)]
    [InlineData(new[] { DeliveryStage.Read, DeliveryStage.Delivered }, MessageState.Read)]
    [InlineData(new[] { DeliveryStage.Read, DeliveryStage.Failed, DeliveryStage.Sent }, MessageState.Read)]
    [InlineData(new[] { DeliveryStage.Played }, MessageState.Played)]
    [InlineData(new[] { DeliveryStage.Played, DeliveryStage.Read, DeliveryStage.Delivered, DeliveryStage.Failed, DeliveryStage.Sent }, MessageState.Played)]
    public void The_strongest_proof_is_the_state(DeliveryStage[] stages, MessageState? state) =>
        Assert.Equal(state, Joined(stages.Select((stage, i) => Event(stage, i))).State);

    [Fact]
    public void An_unknown_stage_is_a_bug() => Assert.Throws<ArgumentOutOfRangeException>(() => MessageDelivery.None.At((DeliveryStage)99));

    private static MessageDelivery Joined(IEnumerable<DeliveryEvent> events) =>
        events.Aggregate(MessageDelivery.None, (delivery, @event) => delivery.Apply(@event));
}
