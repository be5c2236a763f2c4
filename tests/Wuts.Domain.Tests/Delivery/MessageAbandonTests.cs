using Wuts.Domain.Delivery;
using Wuts.Domain.Webhooks;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Delivery;

public sealed class MessageAbandonTests
{
    private static readonly DateTimeOffset Now = T0.AddMinutes(1);

    [Fact]
    public void A_message_that_has_not_left_fails_and_says_why()
    {
        var abandoned = Queued().Abandon(Undeliverable, Now)!;

        Assert.Equal((MessageState.Failed, Undeliverable, 2), (abandoned.Message.State, abandoned.Message.Failure, abandoned.Message.Version));
        Assert.Equal([(TimelineKind.Failed, TimelineSource.Rule)], abandoned.Timeline.Select(e => (e.Kind, e.Source)));
        Assert.Equal<WebhookEvent>([new(WebhookEvents.MessageFailed, Now)], abandoned.Events);
        Assert.Null(abandoned.Message.Claim(epoch: 9, T0.AddDays(1)));
    }

    [Fact]
    public void A_message_that_may_have_left_becomes_uncertain_and_then_is_left_so()
    {
        var uncertain = Dispatching().Abandon(Undeliverable, Now)!.Message;
        var left = uncertain.Abandon(Undeliverable, Now)!.Message;

        Assert.Equal((MessageState.Uncertain, null), (uncertain.State, uncertain.OverdueAt));
        Assert.Equal((MessageState.Uncertain, Now, false), (left.State, left.OverdueAt, left.IsOpen));
        Assert.Null(left.Abandon(Undeliverable, Now));
    }

    [Fact]
    public void A_message_that_has_left_or_is_done_with_stays_as_it_is()
    {
        Assert.Null(Sent().Abandon(Undeliverable, Now));
        Assert.Null(Sent().Apply(DeliveryStage.Delivered).Abandon(Undeliverable, Now));
        Assert.Null(Queued().Apply(DeliveryStage.Delivered).Abandon(Undeliverable, Now));
        Assert.Null(Dispatching().Record(new DispatchOutcome.Failed(Busy)).Abandon(Undeliverable, Now));
    }
}
