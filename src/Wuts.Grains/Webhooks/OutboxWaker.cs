using Orleans;
using Wuts.Storage;

namespace Wuts.Grains.Webhooks;

/// <summary>Wakes the endpoints that a commit has brought events for. What is missed here, the sweep finds.</summary>
internal sealed class OutboxWaker(IGrainFactory grains) : IOutboxListener
{
    public void OnCommitted(IReadOnlyCollection<EndpointKey> endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            grains.GetGrain<IWebhookEndpointGrain>(endpoint.ToString()).Wake()
                .ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }
}
