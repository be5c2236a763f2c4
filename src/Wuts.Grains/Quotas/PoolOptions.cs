using System.ComponentModel.DataAnnotations;

namespace Wuts.Grains.Quotas;

/// <summary>What the tenants share within a silo. Section <c>Wuts:Pools</c>; what they share across silos is <see cref="RatePoolOptions"/>.</summary>
public sealed class PoolOptions
{
    public const string Section = "Wuts:Pools";

    /// <summary>Messages that a silo hands to networks at the same time, 1 to 100,000. Default: 512.</summary>
    [Range(1, 100_000)]
    public int Handovers { get; set; } = 512;

    /// <summary>Webhook deliveries that a silo has under way at the same time, 1 to 100,000. Default: 256.</summary>
    [Range(1, 100_000)]
    public int WebhookWorkers { get; set; } = 256;
}
