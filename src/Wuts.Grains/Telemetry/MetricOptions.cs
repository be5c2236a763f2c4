using System.ComponentModel.DataAnnotations;

namespace Wuts.Grains.Telemetry;

/// <summary>What the metrics tell apart. Section <c>Wuts:Metrics</c>.</summary>
public sealed class MetricOptions
{
    public const string Section = "Wuts:Metrics";

    /// <summary>
    /// How many tenants have series of their own for message counts and queues, by the tag <c>wuts.tenant.id</c>; the others share
    /// <c>other</c>. Each costs about ten series a process. 0 to 1,000; default: 0, which leaves the tag out.
    /// </summary>
    [Range(0, 1000)]
    public int Tenants { get; set; }
}
