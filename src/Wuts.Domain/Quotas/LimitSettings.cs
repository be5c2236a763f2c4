using Orleans;

namespace Wuts.Domain.Quotas;

/// <summary>What was set for a tenant.</summary>
/// <param name="Tier">The named tier that it is on; <c>null</c> for none.</param>
/// <param name="Overrides">Its own limits, each of which wins over the tier's.</param>
[GenerateSerializer, Immutable, Alias("wuts.limit-settings")]
public sealed record LimitSettings([property: Id(0)] string? Tier, [property: Id(1)] TenantLimits Overrides)
{
    public static LimitSettings None { get; } = new(null, TenantLimits.None);
}
