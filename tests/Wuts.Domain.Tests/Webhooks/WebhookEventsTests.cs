using Wuts.Domain.Delivery;
using Wuts.Domain.Webhooks;

namespace Wuts.Domain.Tests.Webhooks;

public sealed class WebhookEventsTests
{
    [Fact]
    public void The_catalogue_begins_with_the_58_names_of_the_contract_and_ends_with_our_12()
    {
        Assert.Equal(58 + 12, WebhookEvents.All.Length);
        Assert.Equal(("message.received", "app_state.sync_complete", "message.failed"), (WebhookEvents.All[0], WebhookEvents.All[57], WebhookEvents.All[58]));
        Assert.Distinct(WebhookEvents.All);
    }

    [Fact]
    public void Names_are_lower_case_words_with_one_dot() =>
        Assert.All(WebhookEvents.All, name => Assert.Matches("^[a-z_]+\\.[a-z_]+$", name));

    [Fact]
    public void Only_names_of_the_catalogue_are_known()
    {
        Assert.All(WebhookEvents.All, name => Assert.True(WebhookEvents.IsKnown(name)));
        Assert.False(WebhookEvents.IsKnown("message.exploded"));
        Assert.False(WebhookEvents.IsKnown("MESSAGE.SENT"));
    }

    [Fact]
    public void Every_stage_of_a_delivery_has_a_known_event_of_its_own()
    {
        var names = Enum.GetValues<DeliveryStage>().Select(WebhookEvents.Of).ToArray();

        Assert.Distinct(names);
        Assert.All(names, name => Assert.True(WebhookEvents.IsKnown(name)));
        Assert.Throws<ArgumentOutOfRangeException>(() => WebhookEvents.Of((DeliveryStage)99));
    }
}
