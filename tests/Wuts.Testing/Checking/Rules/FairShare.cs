using System.Globalization;

namespace Wuts.Testing.Checking.Rules;

/// <summary>
/// Of two tenants that both want more of a pool, neither is served more than three messages for its weight ahead of the other, over any time;
/// and all of them together get no more than the pool has.
/// </summary>
internal static class FairShare
{
    private const double MostLag = 3;
    private const double Rounding = 1e-9;

    public static IEnumerable<Violation> Check(Facts facts) => facts.History.Pools.SelectMany(pool => TooMuch(facts, pool).Concat(Lags(facts, pool)));

    // A pool promises what it grants. What it grants for the end of a round and what it grants at the beginning of the next may be used at one time.
    private static IEnumerable<Violation> TooMuch(Facts facts, SharedPool pool)
    {
        if (RateBound.FindFirst([.. pool.Served.OrderBy(GrantedAt)], GrantedAt, pool.PerSecond, pool.Burst, facts.History.ClockTolerance) is { } excess)
        {
            yield return Broken(excess.Last.MessageId, string.Create(CultureInfo.InvariantCulture,
                $"{pool.Name} served {excess.Count} messages in {excess.Time.TotalSeconds:0.000} s, from {facts.Show(GrantedAt(excess.First))} to {facts.Show(GrantedAt(excess.Last))}; "
                + $"{pool.PerSecond:0.###} a second and {pool.Burst:0.###} at once allow {excess.Most:0.##}."));
        }
    }

    private static IEnumerable<Violation> Lags(Facts facts, SharedPool pool)
    {
        for (var i = 0; i < pool.Backlogs.Length; i++)
        {
            foreach (var other in pool.Backlogs.Skip(i + 1).Where(b => b.TenantId != pool.Backlogs[i].TenantId))
            {
                if (FindLag(pool, pool.Backlogs[i], other) is { } lag)
                {
                    yield return Broken(lag.Last.MessageId, string.Create(CultureInfo.InvariantCulture,
                        $"{pool.Name} served {lag.Ahead} {lag.Messages:0.##} messages for its weight ahead of {lag.Behind}, from {facts.Show(lag.From)} to {facts.Show(lag.Last.At)}, "
                        + $"while both wanted more; {MostLag} is the most."));
                }
            }
        }
    }

    // The lag over any time within is the difference of two values of one running number: so the largest is that of its extremes.
    private static Lag? FindLag(SharedPool pool, TenantBacklog a, TenantBacklog b)
    {
        var (from, until) = (a.From > b.From ? a.From : b.From, a.Until < b.Until ? a.Until : b.Until);
        var (ahead, low, high, lowAt, highAt) = (0.0, 0.0, 0.0, from, from);
        var both = pool.Served.Where(s => s.At >= from && s.At <= until && (s.TenantId == a.TenantId || s.TenantId == b.TenantId));
        foreach (var instant in both.GroupBy(s => s.At)) // what is served at one instant has no order
        {
            ahead += instant.Sum(s => (s.TenantId == a.TenantId ? 1 : -1) / pool.Weights[s.TenantId]);
            if (ahead - low > MostLag + Rounding)
            {
                return new(a.TenantId, b.TenantId, ahead - low, lowAt, instant.Last());
            }

            if (high - ahead > MostLag + Rounding)
            {
                return new(b.TenantId, a.TenantId, high - ahead, highAt, instant.Last());
            }

            (low, lowAt) = ahead < low ? (ahead, instant.Key) : (low, lowAt);
            (high, highAt) = ahead > high ? (ahead, instant.Key) : (high, highAt);
        }

        return null;
    }

    private static DateTimeOffset GrantedAt(Served served) => served.GrantedAt ?? served.At;

    private static Violation Broken(string? id, string explanation) => new(Invariant.FairShare, id, explanation);

    private sealed record Lag(string Ahead, string Behind, double Messages, DateTimeOffset From, Served Last);
}
