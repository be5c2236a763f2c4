using Orleans;

namespace Wuts.Domain.Quotas;

/// <summary>What a claimant asks a pool for.</summary>
/// <param name="Claimant">Whose share it is: a tenant's id.</param>
/// <param name="Number">
/// Grows with each new question of a claimant. A question is repeated with the same number until its answer has come: it is granted once.
/// </param>
/// <param name="Weight">The claimant's share, at least 1.</param>
/// <param name="Demand">Permits it can use within a round; 0 to give back only.</param>
/// <param name="Unused">Permits of earlier grants that nobody used or will use.</param>
[GenerateSerializer, Immutable, Alias("wuts.pool-ask")]
public sealed record PoolAsk(
    [property: Id(0)] string Claimant,
    [property: Id(1)] long Number,
    [property: Id(2)] int Weight,
    [property: Id(3)] int Demand,
    [property: Id(5)] int Unused = 0)
{
    /// <summary>The mark of the oldest grant that had some of the unused permits.</summary>
    [Id(6)] public long UnusedMark { get; init; }
}
