using Orleans;

namespace Wuts.Domain.Quotas;

/// <summary>A block of permits to dispatch, lent to a device until a time. A device spends one a message and asks for the next block when it is used up.</summary>
/// <param name="Permits">How many messages it may still dispatch.</param>
/// <param name="ValidUntil">After this the rest is worth nothing.</param>
[GenerateSerializer, Immutable, Alias("wuts.permit-lease")]
public sealed record PermitLease([property: Id(0)] int Permits, [property: Id(1)] DateTimeOffset ValidUntil)
{
    public static PermitLease None { get; } = new(0, DateTimeOffset.MinValue);

    /// <summary>Spends one permit; <c>null</c> when none is left or the lease is over.</summary>
    public PermitLease? Spend(DateTimeOffset now) => Permits > 0 && now < ValidUntil ? this with { Permits = Permits - 1 } : null;
}
