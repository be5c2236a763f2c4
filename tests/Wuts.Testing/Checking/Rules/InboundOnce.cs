using Wuts.Domain.Webhooks;

namespace Wuts.Testing.Checking.Rules;

/// <summary>Each message that came in and was acknowledged makes one event, however often the network brought it.</summary>
internal static class InboundOnce
{
    public static IEnumerable<Violation> AtTheEnd(Facts facts)
    {
        if (facts.History.Inbound is not { } inbound)
        {
            yield break;
        }

        foreach (var endpoint in facts.History.WatchedEndpoints.Where(e => e.Types?.Contains(WebhookEvents.MessageReceived) != false))
        {
            var came = inbound.Where(i => i.TenantId == endpoint.TenantId && i.DeviceId == endpoint.DeviceId).DistinctBy(i => i.Id).Count();
            var told = facts.History.Events.Count(e => e.EndpointId == endpoint.EndpointId && e.Type == WebhookEvents.MessageReceived);
            if (told != came)
            {
                yield return new(Invariant.InboundOnce, null, $"{endpoint.EndpointId} has {told} events of messages that came in; {came} came and were acknowledged.");
            }
        }
    }
}
