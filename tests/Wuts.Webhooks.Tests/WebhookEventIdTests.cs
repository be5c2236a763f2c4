using Wuts.Domain.Webhooks;
using static Wuts.Webhooks.Tests.Samples;

namespace Wuts.Webhooks.Tests;

public sealed class WebhookEventIdTests
{
    private static readonly WebhookEvent Sent = new(WebhookEvents.MessageSent, T0);

    [Fact]
    public void Each_rendering_of_an_event_has_the_same_id_whatever_became_of_the_message_or_the_secret()
    {
        var first = WebhookEnvelope.Render(Endpoint(), secret: null, 7, Sent, Message(), dataJson: null);
        var later = WebhookEnvelope.Render(
            Endpoint() with { Url = new("https://other.example.com") }, Secret(), 7, Sent, Message() with { Version = 9 }, dataJson: null);

        Assert.Equal(first.Id, later.Id);
    }

    [Fact]
    public void The_id_never_changes_between_releases() => Assert.Equal("02706723-2508-8afd-a9d3-396b69a8885b", Envelope().Id);

    [Fact]
    public void The_id_is_a_uuid_of_version_8()
    {
        var id = Guid.Parse(Envelope().Id);

        Assert.Equal(8, id.Version);
        Assert.InRange(id.Variant, 8, 11);
    }

    [Fact]
    public void A_time_that_lost_its_last_digit_in_a_database_gives_the_same_id() =>
        Assert.Equal(Id(at: T0.AddTicks(10)), Id(at: T0.AddTicks(19)));

    [Fact]
    public void Every_part_of_an_event_makes_its_id_another() => Assert.Equal(
        6,
        new[]
        {
            Id(), Id(endpoint: "wh_2"), Id(sequence: 2), Id(type: WebhookEvents.MessageRead), Id(messageId: null), Id(at: T0.AddTicks(10)),
        }.Distinct().Count());

    private static string Id(
        string endpoint = "wh_1", long sequence = 1, string type = WebhookEvents.MessageSent, string? messageId = "3EB0", DateTimeOffset? at = null) =>
        WebhookEventId.Of(endpoint, sequence, type, messageId, at ?? T0);
}
