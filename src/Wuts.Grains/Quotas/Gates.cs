using Microsoft.Extensions.Options;

namespace Wuts.Grains.Quotas;

/// <summary>What the tenants share within this silo.</summary>
internal sealed class Gates(IOptions<PoolOptions> options)
{
    /// <summary>Around the claim of a message and its hand-over.</summary>
    public FairGate Handovers { get; } = new(options.Value.Handovers);

    /// <summary>Around an attempt to deliver a webhook.</summary>
    public FairGate WebhookWorkers { get; } = new(options.Value.WebhookWorkers);
}
