using Wuts.Domain.Compliance;
using Wuts.Domain.Delivery;
using Wuts.Domain.Webhooks;
using Xunit;

namespace Wuts.Domain.Tests.Delivery;

public sealed class MessageRejectTests
{
    private static readonly Failure Refusal = new(ConsentPolicy.OptedOutCode, FailureClass.Consent, false, "The recipient has asked not to be written to.");

    [Fact]
    public void A_queued_message_is_rejected_for_good_with_its_reason()
    {
        var rejected = Samples.Queued().Reject(Refusal, Samples.T0)!;

        Assert.Equal((MessageState.Rejected, Refusal, 2), (rejected.Message.State, rejected.Message.Failure, rejected.Message.Version));
        Assert.Equal((TimelineKind.Rejected, TimelineSource.Rule), (Assert.Single(rejected.Timeline).Kind, rejected.Timeline[0].Source));
        Assert.Equal(WebhookEvents.MessageRejected, Assert.Single(rejected.Events).Type);
        Assert.True(rejected.Message is { IsSettled: true, IsOpen: false, NeedsAttention: false });
        Assert.Null(rejected.Message.Reject(Refusal, Samples.T0));
        Assert.Null(rejected.Message.Claim(1, Samples.T0));
    }

    [Fact]
    public void What_may_have_left_is_not_rejected()
    {
        Assert.Null(Samples.Dispatching().Reject(Refusal, Samples.T0));
        Assert.Null(Samples.Uncertain().Reject(Refusal, Samples.T0));
        Assert.Null(Samples.Sent().Reject(Refusal, Samples.T0));
    }

    [Fact]
    public void A_message_that_is_refused_at_once_is_one_version_that_says_both()
    {
        var refused = Message.Refuse(Samples.Envelope(), 7, Refusal);

        Assert.Equal((MessageState.Rejected, Refusal, 1, 7L), (refused.Message.State, refused.Message.Failure, refused.Message.Version, refused.Message.Epoch));
        Assert.Equal([TimelineKind.Accepted, TimelineKind.Rejected], refused.Timeline.Select(entry => entry.Kind));
        Assert.Equal(WebhookEvents.MessageRejected, Assert.Single(refused.Events).Type);
    }
}
