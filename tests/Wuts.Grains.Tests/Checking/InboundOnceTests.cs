using System.Collections.Immutable;
using Wuts.Domain.Webhooks;
using Wuts.Testing.Checking;

namespace Wuts.Grains.Tests.Checking;

public sealed class InboundOnceTests
{
    [Fact]
    public void What_came_twice_and_was_told_once_is_as_it_should_be() => With(events: 1, "i1", "i1").IsHealthy();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void What_came_must_be_told_once(int events) => With(events, "i1").BreaksOnly(Invariant.InboundOnce, (string?)null);

    private static History With(int events, params string[] came) => new Story().Message("a").But(h => h with
    {
        Inbound = came.Select(id => new AcknowledgedInbound(Story.At(5), "acme", "d1", id)).ToImmutableArray(),
        Events = [.. h.Events, .. Received(events, h.Events.Length)],
        WebhookTries = [.. h.WebhookTries, .. Received(events, h.Events.Length).Select(e => new WebhookTry(Story.At(6), "w1", e.WebhookId, e.Type, null, "{}", Took: true))],
    });

    private static IEnumerable<StoredEvent> Received(int events, int after) => Enumerable.Range(1, events)
        .Select(n => new StoredEvent("w1", after + n, WebhookEvents.MessageReceived, null, $"inbound-{n}", Expected: true, IsDead: false));
}
