namespace Wuts.Benchmarks.Fairness;

/// <summary>How fairly a rate was divided, told from what was stored of each message.</summary>
/// <param name="departures">All that left, in the order in which the network took them.</param>
internal sealed class FairnessFigures(IReadOnlyList<Departure> departures)
{
    private const double Window = 10;

    /// <summary>How long these tenants' messages waited from acceptance to dispatch, in milliseconds, at the median and at the 99th percentile; of those accepted in a time.</summary>
    public (double Median, double P99) Waits(IReadOnlySet<string> tenants, Stretch time)
    {
        var waits = departures.Where(d => tenants.Contains(d.Tenant) && time.Contains(d.AcceptedAt)).Select(d => d.Wait).Order().ToArray();
        return (At(0.5), At(0.99));

        double At(double part) => waits.Length == 0 ? double.NaN : 1000 * waits[(int)Math.Ceiling(part * waits.Length) - 1];
    }

    /// <summary>Jain's index of each ten seconds, of what tenants that always have more to send were served for their weight.</summary>
    /// <remarks>(Σx)² / (n · Σx²): R. Jain, D. Chiu, W. Hawe, DEC-TR-301, 1984. 1 is perfectly even, 1/n is all for one.</remarks>
    public double[] JainIndices(IReadOnlyDictionary<string, int> weights, Stretch time)
    {
        var indices = new List<double>();
        for (var from = time.From; from + Window <= time.Until; from += Window)
        {
            var served = Within(new(from, from + Window)).CountBy(d => d.Tenant).ToDictionary();
            double[] shares = [.. weights.Select(weight => (double)served.GetValueOrDefault(weight.Key) / weight.Value)];
            indices.Add(Math.Pow(shares.Sum(), 2) / (shares.Length * shares.Sum(x => x * x)));
        }

        return [.. indices];
    }

    /// <summary>
    /// The most messages for its weight by which one of these tenants got ahead of another, in any part of a time: in permits spent, and in
    /// messages that the network took, which writing down the claim and the way there delay, some more than others.
    /// </summary>
    public (double Claimed, double Taken) LargestLags(IReadOnlyDictionary<string, int> weights, Stretch time) => (
        LargestLag(weights, departures.Where(d => time.Contains(d.ClaimedAt)).OrderBy(d => d.ClaimedAt)),
        LargestLag(weights, Within(time)));

    /// <summary>Messages that left a second.</summary>
    public double Rate(Stretch time) => Within(time).Count() / time.Length;

    /// <summary>When the first of the tenants had nothing more of what it had queued before a time.</summary>
    public double FirstEnd(IEnumerable<string> tenants, double queuedBefore)
    {
        var last = departures.Where(d => d.AcceptedAt < queuedBefore).GroupBy(d => d.Tenant).ToDictionary(t => t.Key, t => t.Max(d => d.ClaimedAt));
        return tenants.Min(tenant => last.GetValueOrDefault(tenant));
    }

    /// <summary>The longest time within which nothing left at all.</summary>
    public Stretch LongestPause(Stretch time)
    {
        double[] ends = [time.From, .. Within(time).Select(d => d.SentAt), time.Until];
        return ends.Zip(ends.Skip(1), (from, until) => new Stretch(from, until)).MaxBy(pause => pause.Length);
    }

    /// <summary>When each of the tenants had been served again.</summary>
    public double AllServedAfter(IEnumerable<string> tenants, double time)
    {
        var first = departures.Where(d => d.SentAt >= time).GroupBy(d => d.Tenant).ToDictionary(t => t.Key, t => t.Min(d => d.SentAt));
        return tenants.Max(tenant => first.GetValueOrDefault(tenant, double.PositiveInfinity));
    }

    private IEnumerable<Departure> Within(Stretch time) => departures.Where(d => time.Contains(d.SentAt));

    private static double LargestLag(IReadOnlyDictionary<string, int> weights, IEnumerable<Departure> inOrder)
    {
        var tenants = inOrder.Select(d => d.Tenant).ToArray();
        return (from a in weights.Keys from b in weights.Keys where string.CompareOrdinal(a, b) < 0 select LargestLag(tenants, a, b, weights)).Max();
    }

    // The lag over any time within is the difference of two values of one running number: so the largest is that of its extremes.
    private static double LargestLag(string[] tenants, string a, string b, IReadOnlyDictionary<string, int> weights)
    {
        var (stepOfA, stepOfB) = (1.0 / weights[a], -1.0 / weights[b]);
        var (ahead, low, high) = (0.0, 0.0, 0.0);
        foreach (var tenant in tenants)
        {
            ahead += tenant == a ? stepOfA : tenant == b ? stepOfB : 0;
            (low, high) = (Math.Min(low, ahead), Math.Max(high, ahead));
        }

        return high - low;
    }
}
