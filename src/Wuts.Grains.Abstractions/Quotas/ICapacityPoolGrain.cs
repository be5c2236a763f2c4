using Orleans;
using Orleans.Concurrency;
using Wuts.Domain.Quotas;

namespace Wuts.Grains.Quotas;

/// <summary>
/// A rate that the whole cluster shares, divided fairly among those who ask. Key: the pool's name, whose rate is in <c>Wuts:Pools:{name}</c>.
/// A transport with a budget of its own is another pool: a name, a section, and claimants that ask it.
/// </summary>
[Alias("wuts.capacity-pool-grain")]
public interface ICapacityPoolGrain : IGrainWithStringKey
{
    /// <summary>
    /// Gives a claimant permits: at once when there are some for it, else when a round brings some, or after two seconds
    /// none. Asked by each claimant for itself, once at a time and not for a single message.
    /// </summary>
    /// <remarks>To be repeated with the same number until permits have come: they are granted once.</remarks>
    [AlwaysInterleave, Alias("ask"), ResponseTimeout("00:00:05")]
    Task<PermitGrant> Ask(PoolAsk ask);
}
