namespace Wuts.Domain.Quotas;

/// <summary>What a pool may give.</summary>
/// <param name="Rate">Permits a second, above 0.</param>
/// <param name="Round">How often those who wait are served, and over how long a block is spread.</param>
public sealed record PoolTerms(double Rate, TimeSpan Round)
{
    /// <summary>Permits of one round, at least 1.</summary>
    public double PerRound => Math.Max(1, Rate * Round.TotalSeconds);

    /// <summary>What gathers while nobody asks, or while a round begins late. In any time <c>t</c> a pool grants at most <c>Rate·t + Burst + PerRound</c>.</summary>
    public double Burst => 2 * PerRound;

    /// <summary>How long a grant is good: its round, and one more for those who were held up.</summary>
    public TimeSpan Validity => 2 * Round;
}
