using System.ComponentModel.DataAnnotations;

namespace Wuts.Grains.Quotas;

/// <summary>A rate that the whole cluster shares. Section <c>Wuts:Pools:{name}</c>; set it alike in every silo.</summary>
public sealed class RatePoolOptions
{
    /// <summary>The pool of all messages that the cluster hands to networks.</summary>
    public const string Dispatch = "Dispatch";

    /// <summary>Permits a second, 0.1 to 1,000,000. Default: none, which is unlimited; then nobody asks the pool.</summary>
    [Range(0.1, 1_000_000)]
    public double? Rate { get; set; }

    /// <summary>
    /// How often permits are divided among those who wait. A message that waits for its tenant's turn waits up to this; the pool's grain is
    /// asked about once a round by each tenant that sends. Default: 100 milliseconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.020", "00:00:10")]
    public TimeSpan Round { get; set; } = TimeSpan.FromMilliseconds(100);

    public static string SectionOf(string pool) => $"{PoolOptions.Section}:{pool}";
}
