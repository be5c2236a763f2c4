using System.Globalization;
using Wuts.Domain.Quotas;
using Wuts.Grains.Quotas;

namespace Wuts.Benchmarks.Fairness;

/// <summary>What a run came to, line by line.</summary>
/// <param name="tenants">Their ids; the first is the noisy one.</param>
internal sealed class FairnessTable(
    BenchmarkOptions options, FairnessTimes times, FairnessFigures figures, NetworkTakes network, IReadOnlyList<string> tenants)
{
    private readonly PoolTerms _terms = new(options.Rate, new RatePoolOptions().Round);
    private readonly Dictionary<string, int> _equal = tenants.ToDictionary(tenant => tenant, _ => 1);

    /// <param name="weights">Of each tenant, in the last part.</param>
    public IEnumerable<(string Label, string Value)> Rows(IReadOnlyList<int> weights)
    {
        var unequal = tenants.Zip(weights).ToDictionary();
        return
        [
            ("rate of the pool", Text($"{options.Rate,10:N0} /s   {Traffic.Tenants} tenants of {Traffic.DevicesOfTenant} devices")),
            .. OfTheQuiet(),
            .. OfTheBusy("equal weights", _equal, times.Equal),
            .. times.SinceKill is { } since ? OfTheKill(since) : [],
            .. OfTheBusy("weights " + string.Join(':', weights.Distinct()), unequal, times.Weighted),
            .. OfTheNetwork(),
        ];
    }

    private IEnumerable<(string, string)> OfTheQuiet()
    {
        var quiet = tenants.Skip(1).ToHashSet();
        var (alone, beside) = (figures.Waits(quiet, times.Alone), figures.Waits(quiet, times.Beside));
        yield return ("queued by the noisy tenant", Text($"{options.Messages,10:N0}      in {times.Queueing.Length:N1} s: {options.Messages / (double)options.Rate:N0} seconds of the rate"));
        yield return ("quiet p99, alone", Text($"{alone.P99,10:N0} ms   from acceptance to dispatch; half of them within {alone.Median:N0} ms"));
        yield return ("quiet p99, beside the noisy one", Text($"{beside.P99,10:N0} ms   {beside.P99 / alone.P99:N2} of alone; half of them within {beside.Median:N0} ms"));
        yield return ("pace used beside the noisy one", Text($"{figures.Rate(times.Beside) / options.Rate,10:P1}"));
    }

    private IEnumerable<(string, string)> OfTheBusy(string name, Dictionary<string, int> weights, Stretch time)
    {
        var busy = time.EndedBy(figures.FirstEnd(tenants, queuedBefore: time.From) - 0.5);
        var indices = figures.JainIndices(weights, busy);
        yield return ($"{name}: Jain's index", Text($"{indices.DefaultIfEmpty(double.NaN).Min(),10:N4}      the lowest of 10 s each: {string.Join(" ", indices.Select(index => Text($"{index:N4}")))}"));
        yield return ($"{name}: largest lag", LagText(figures.LargestLags(weights, busy), Text($"messages for its weight between two tenants, in {busy.Length:N0} s")));
        yield return ($"{name}: pace used", Text($"{figures.Rate(busy) / options.Rate,10:P1}"));
    }

    private IEnumerable<(string, string)> OfTheKill(Stretch since)
    {
        var busy = since.EndedBy(figures.FirstEnd(tenants, queuedBefore: times.Equal.From) - 0.5);
        var pause = figures.LongestPause(since);
        var recovered = since with { From = figures.AllServedAfter(tenants, pause.Until) };
        yield return ("kill: nothing left for", Text($"{pause.Length,10:N1} s    from {pause.From - since.From:N1} s after it"));
        yield return ("kill: all tenants served after", Text($"{recovered.From - since.From,10:N1} s"));
        foreach (var row in OfTheBusy("after the kill", _equal, recovered))
        {
            yield return row;
        }

        yield return ("kill: largest lag through it", LagText(figures.LargestLags(_equal, times.Equal with { Until = busy.Until }), "the pause and the recovery included"));
        yield return ("kill: most in any second since", Text($"{network.MostInASecond(since),10:N0}"));
    }

    // What is used in a time was granted in it, or at most its validity before.
    private IEnumerable<(string, string)> OfTheNetwork()
    {
        var allowed = (_terms.Rate * (1 + _terms.Validity.TotalSeconds)) + _terms.Burst + _terms.PerRound;
        var most = network.MostInASecond(new(double.NegativeInfinity, double.PositiveInfinity));
        yield return ("most in any second", Text($"{most,10:N0}      {allowed:N0} is what the rate, its burst and the validity of permits allow"));
        yield return ("came to the network twice", Text($"{network.Repeated,10:N0}      of {network.Count:N0}, by the network's own log"));
        if (times.Repeated > 0)
        {
            yield return ("answered 503 and repeated", Text($"{times.Repeated,10:N0}"));
        }
    }

    private static string LagText((double Claimed, double Taken) lags, string what) => Text($"{lags.Claimed,10:N2}      {what}; {lags.Taken:N2} as the network took them");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
