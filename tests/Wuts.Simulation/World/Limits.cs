using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Wuts.Domain.Quotas;
using Wuts.Grains.Pacing;
using Wuts.Grains.Quotas;

namespace Wuts.Simulation.World;

/// <summary>What the operator of a world limits. Most worlds have few limits, and those that have one are small enough to feel it.</summary>
internal sealed record Limits
{
    private const string Profile = "default";

    public static Limits None { get; } = new();

    /// <summary>The pace of each number; <c>null</c> for the product's default, which nothing here comes up to.</summary>
    public Pace? Ceiling { get; init; }

    /// <summary>How many strangers new numbers may write to, day by day; empty for more than there are.</summary>
    public ImmutableArray<int> WarmUp { get; init; } = [];

    /// <summary>What tenants may use, those that are limited at all.</summary>
    public ImmutableSortedDictionary<string, TenantLimits> OfTenants { get; init; } = ImmutableSortedDictionary<string, TenantLimits>.Empty;

    /// <summary>Messages a second that all tenants share; <c>null</c> for any number.</summary>
    public double? Rate { get; init; }

    public static Limits Draw(Random chance) => new()
    {
        Ceiling = chance.Next(5) == 0 ? new(chance.Next(10, 50), TimeSpan.FromSeconds(chance.Next(0, 5)), chance.Next(2)) : null,
        WarmUp = chance.Next(8) == 0 ? [3, 5, 8] : [],
        OfTenants = chance.Next(4) == 0
            ? ImmutableSortedDictionary.CreateRange(Enumerable.Range(0, 3).Select(tenant => KeyValuePair.Create($"tenant-{tenant}", DrawQuotas(chance))))
            : ImmutableSortedDictionary<string, TenantLimits>.Empty,
        Rate = chance.Next(6) == 0 ? 1 << chance.Next(3) : null,
    };

    public int WeightOf(string tenantId) => OfTenants.GetValueOrDefault(tenantId, TenantLimits.None).Weight ?? TenantLimits.DefaultWeight;

    /// <summary>Tells a silo.</summary>
    public void Configure(IServiceCollection services)
    {
        services.Configure<PaceOptions>(options =>
        {
            if (Ceiling is { } pace)
            {
                var profile = options.Profiles[Profile];
                (profile.CeilingPerMinute, profile.FloorPerMinute, profile.Burst) = (pace.PerMinute, pace.PerMinute / 4, pace.Burst);
                (profile.Jitter, profile.RecoverEvery) = (pace.Jitter, TimeSpan.FromMinutes(1));
            }
        });
        services.Configure<WarmUpOptions>(options => options.Schedule = WarmUp.IsEmpty ? options.Schedule : [.. WarmUp]);
        services.Configure<RatePoolOptions>(RatePoolOptions.Dispatch, options => options.Rate = Rate);
    }

    private static TenantLimits DrawQuotas(Random chance) => new()
    {
        MessagesPerDay = chance.Next(2) == 0 ? chance.Next(3, 30) : null,
        MessagesPerSecond = chance.Next(2) == 0 ? 0.05m : null,
        Burst = chance.Next(2, 6),
        QueueDepth = chance.Next(3) == 0 ? chance.Next(3, 20) : null,
        NewRecipientsPerDay = chance.Next(4) == 0 ? 3 : null,
        Weight = chance.Next(3) == 0 ? 2 : null,
    };

    /// <param name="PerMinute">The ceiling.</param>
    /// <param name="Burst">What may be saved up, as time.</param>
    /// <param name="Jitter">By how much of itself a gap may be longer.</param>
    public sealed record Pace(double PerMinute, TimeSpan Burst, double Jitter)
    {
        // The network sees each some moments after it left.
        private const double Slack = 0.1;

        /// <summary>What leaves at once after a rest.</summary>
        public double Most => (PerMinute / 60 * Burst.TotalSeconds) + 1 + Slack;
    }
}
