using Orleans;
using Orleans.Concurrency;

namespace Wuts.Grains.Webhooks;

/// <summary>A tenant's webhook endpoint: delivers its outbox, retries, and keeps the dead. Key: <c>{tenant}/{endpoint id}</c>.</summary>
[Alias("wuts.webhook-endpoint-grain")]
public interface IWebhookEndpointGrain : IGrainWithStringKey
{
    /// <summary>Says that there are new events, or may be. Never waits for a delivery.</summary>
    [AlwaysInterleave, Alias("wake")]
    Task Wake();

    /// <summary>Reads the configuration again. To be called after it was changed or removed; the next delivery uses it.</summary>
    [Alias("reload")]
    Task Reload();
}
