using System.Collections.Immutable;
using Wuts.Domain.Sending;

namespace Wuts.Testing.Checking;

/// <summary>Something that tenants share, with a rate.</summary>
/// <param name="PerSecond">In any time <c>t</c> it grants <c>PerSecond * t + Burst</c> at most.</param>
/// <param name="Weights">Of each tenant that has any part in it, above 0.</param>
/// <param name="Served">What it served, in order.</param>
/// <param name="Backlogs">When tenants wanted more than they had, and could have used it.</param>
public sealed record SharedPool(
    string Name,
    double PerSecond,
    double Burst,
    ImmutableDictionary<string, double> Weights,
    ImmutableArray<Served> Served,
    ImmutableArray<TenantBacklog> Backlogs);

/// <summary>A pool served a tenant.</summary>
/// <param name="MessageId">What was handed over with it, where it is known.</param>
public sealed record Served(DateTimeOffset At, string TenantId, string? MessageId = null)
{
    /// <summary>When it was granted, where that was before it could be used: a pool gives a round's worth ahead, and spreads it over the round.</summary>
    public DateTimeOffset? GrantedAt { get; init; }
}

/// <summary>A tenant had something waiting for nothing but the pool, at every moment from one time to another, both included.</summary>
public sealed record TenantBacklog(string TenantId, DateTimeOffset From, DateTimeOffset Until);

/// <summary>A lane of a device had something that it could send at once, at every moment from one time to another, both included.</summary>
/// <param name="Lane">Its name.</param>
/// <param name="Categories">The messages that count as the lane's.</param>
/// <param name="Floor">The part of all departures that is the lane's in any case, as a fraction of 1.</param>
public sealed record LaneBacklog(
    string TenantId, string DeviceId, string Lane, ImmutableArray<Category> Categories, double Floor, DateTimeOffset From, DateTimeOffset Until);
