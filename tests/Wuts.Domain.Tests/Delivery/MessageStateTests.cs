using Wuts.Domain.Delivery;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Delivery;

public sealed class MessageStateTests
{
    private static readonly DispatchOutcome LeftUncertain = new DispatchOutcome.LeftUncertain();

    [Theory]
    [InlineData(MessageState.Queued, true, true, false, false)]
    [InlineData(MessageState.Dispatching, true, true, false, false)]
    [InlineData(MessageState.Uncertain, true, true, false, true)]
    [InlineData(MessageState.Sent, false, true, false, false)]
    [InlineData(MessageState.Canceled, false, false, true, false)]
    [InlineData(MessageState.Rejected, false, false, true, false)]
    [InlineData(MessageState.Expired, false, false, false, true)]
    [InlineData(MessageState.Failed, false, false, false, true)]
    [InlineData(MessageState.Delivered, false, false, false, false)]
    [InlineData(MessageState.Read, false, false, false, false)]
    [InlineData(MessageState.Played, false, false, true, false)]
    public void Each_state_says_what_is_still_to_come(MessageState state, bool unsent, bool open, bool settled, bool attention)
    {
        var message = In(state);

        Assert.Equal(
            (state, unsent, open, settled, attention),
            (message.State, message.IsUnsent, message.IsOpen, message.IsSettled, message.NeedsAttention));
    }

    [Fact]
    public void An_overdue_message_is_no_longer_open_and_needs_attention()
    {
        var overdue = Sent().FlagOverdue(T0.AddDays(1))!.Message;
        var left = Uncertain().Record(LeftUncertain);

        Assert.Equal((MessageState.Sent, false, true), (overdue.State, overdue.IsOpen, overdue.NeedsAttention));
        Assert.Equal((MessageState.Uncertain, false, true), (left.State, left.IsOpen, left.NeedsAttention));
    }

    [Theory]
    [InlineData(DeliveryStage.Delivered)]
    [InlineData(DeliveryStage.Read)]
    [InlineData(DeliveryStage.Played)]
    public void The_missing_receipt_settles_an_overdue_message(DeliveryStage receipt)
    {
        Assert.False(Sent().FlagOverdue(T0.AddDays(1))!.Message.Apply(receipt).NeedsAttention);
        Assert.False(Uncertain().Record(LeftUncertain).Apply(receipt).NeedsAttention);
    }

    [Theory]
    [InlineData(MessageState.Rejected)]
    [InlineData(MessageState.Expired)]
    [InlineData(MessageState.Failed)]
    public void A_refusal_has_its_reason(MessageState state) =>
        Assert.Equal(Undeliverable, (Queued() with { Dispatch = state, LastFailure = Undeliverable }).Failure);

    [Theory]
    [InlineData(MessageState.Queued)]
    [InlineData(MessageState.Dispatching)]
    [InlineData(MessageState.Sent)]
    [InlineData(MessageState.Canceled)]
    public void A_message_that_has_not_failed_has_none(MessageState state) =>
        Assert.Null((Queued() with { Dispatch = state, LastFailure = Busy }).Failure);

    [Fact]
    public void The_numbers_of_the_states_are_stored_and_never_change() => Assert.Equal(
        [
            (0, MessageState.Queued), (10, MessageState.Dispatching), (20, MessageState.Uncertain), (30, MessageState.Sent),
            (40, MessageState.Canceled), (41, MessageState.Rejected), (42, MessageState.Expired), (50, MessageState.Failed),
            (60, MessageState.Delivered), (70, MessageState.Read), (80, MessageState.Played),
        ],
        Enum.GetValues<MessageState>().Select(state => ((int)state, state)));

    private static Message In(MessageState state) => state switch
    {
        MessageState.Queued => Queued(),
        MessageState.Dispatching => Dispatching(),
        MessageState.Uncertain => Uncertain(),
        MessageState.Sent => Sent(),
        MessageState.Failed => Dispatching().Record(new DispatchOutcome.Failed(Undeliverable)),
        MessageState.Delivered => Sent().Apply(DeliveryStage.Delivered),
        MessageState.Read => Sent().Apply(DeliveryStage.Read),
        MessageState.Played => Sent().Apply(DeliveryStage.Played),
        _ => Queued() with { Dispatch = state, LastFailure = Undeliverable },
    };
}
