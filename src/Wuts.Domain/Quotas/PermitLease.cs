using Orleans;

namespace Wuts.Domain.Quotas;

/// <summary>
/// A block of permits to dispatch, lent to a device until a time. A device spends one a message and asks for the next block when it is
/// used up. All times are of the clock of whoever holds it.
/// </summary>
/// <param name="Permits">How many messages it may still dispatch.</param>
/// <param name="ValidUntil">After this the rest is worth nothing.</param>
/// <param name="UsableAt">The next permit may not be spent before this.</param>
/// <param name="Spacing">Between the times at which two permits become usable. A permit that is spent late does not delay the next.</param>
/// <param name="Weight">The tenant's share of what is shared with others, at least 1.</param>
[GenerateSerializer, Immutable, Alias("wuts.permit-lease")]
public sealed record PermitLease(
    [property: Id(0)] int Permits,
    [property: Id(1)] DateTimeOffset ValidUntil,
    [property: Id(2)] DateTimeOffset UsableAt = default,
    [property: Id(3)] TimeSpan Spacing = default,
    [property: Id(5)] int Weight = 1)
{
    /// <summary>As in <see cref="PermitGrant"/>.</summary>
    [Id(6)] public long Mark { get; init; }

    public static PermitLease None { get; } = new(0, DateTimeOffset.MinValue);

    /// <summary>Whether its permits come from a pool, so that others wait for those that are left.</summary>
    public bool IsRationed => Mark > 0;

    /// <summary>What a grant is worth to whoever has just received it.</summary>
    public static PermitLease Of(PermitGrant grant, DateTimeOffset now) =>
        new(grant.Permits, now + grant.ValidFor, now + grant.First, grant.Spacing, grant.Weight) { Mark = grant.Mark };

    /// <summary>Spends one permit; <c>null</c> when none is usable now.</summary>
    public PermitLease? Spend(DateTimeOffset now) =>
        Permits > 0 && now < ValidUntil && now >= UsableAt ? this with { Permits = Permits - 1, UsableAt = UsableAt + Spacing } : null;

    /// <summary>When a permit will be usable that is not yet; <c>null</c> when the lease has none for later.</summary>
    public DateTimeOffset? NextUsable(DateTimeOffset now) => Permits > 0 && UsableAt > now && UsableAt < ValidUntil ? UsableAt : null;

    /// <summary>The permits that others could use instead: what is left, whether or not it is still valid.</summary>
    public int Unused => IsRationed ? Permits : 0;
}
