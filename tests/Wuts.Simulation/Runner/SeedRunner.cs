using System.Collections.Immutable;
using System.Diagnostics;
using Wuts.Simulation.Variants;
using Wuts.Simulation.World;

namespace Wuts.Simulation.Runner;

/// <summary>
/// Runs many seeds, on threads of its own: each simulation has one to itself, and the thread pool stays unused. Stops after the first
/// few failures.
/// </summary>
/// <param name="watch">Sees to the thread pool; <c>null</c> in a process that needs it, such as a test's.</param>
internal sealed class SeedRunner(Variant variant, int threads, ThreadPoolWatch? watch)
{
    private const int MostFindings = 3;
    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Stopwatch _stopwatch = new();
    private Statistics _statistics = new();
    private ImmutableArray<Finding> _findings = [];
    private ulong _digest;
    private int _from;
    private int _count;
    private int _taken;
    private TimeSpan _mostTime;

    public Tally SoFar
    {
        get
        {
            lock (_gate)
            {
                return new(_from, _count, threads, _stopwatch.Elapsed, _statistics, _digest, _findings);
            }
        }
    }

    /// <summary>Runs the seeds from one on, and returns when the last has ended. To be called once.</summary>
    /// <param name="mostTime">After which no more are begun; <c>null</c> for no limit.</param>
    /// <param name="report">Called every few seconds.</param>
    public Tally Run(int from, int count, TimeSpan? mostTime = null, Action<Tally>? report = null)
    {
        (_from, _count, _mostTime) = (from, count, mostTime ?? TimeSpan.MaxValue);
        _stopwatch.Start();
        Thread[] started = [.. Enumerable.Range(0, threads).Select(Start)];
        foreach (var thread in started)
        {
            while (!thread.Join(BetweenReports))
            {
                report?.Invoke(SoFar);
            }
        }

        _stopwatch.Stop();
        return SoFar;
    }

    private Thread Start(int number)
    {
        var thread = new Thread(RunSeeds) { Name = $"seeds {number}", IsBackground = true };
        thread.Start();
        return thread;
    }

    private void RunSeeds()
    {
        while (NextSeed() is { } seed)
        {
            var run = new Replay(seed, variant);
            try
            {
                var outcome = run.Run();
                watch?.ThrowIfUsed();
                Add(outcome.Statistics, outcome.Fingerprint, outcome.Violations.IsEmpty ? null : new Finding.Violated(run, outcome));
            }
            catch (Exception exception)
            {
                Add(new() { Runs = 1 }, fingerprint: 0, new Finding.Broken(run, exception));
            }
        }
    }

    private int? NextSeed()
    {
        lock (_gate)
        {
            return _taken < _count && _findings.Length < MostFindings && _stopwatch.Elapsed < _mostTime ? _from + _taken++ : null;
        }
    }

    private void Add(Statistics statistics, ulong fingerprint, Finding? finding)
    {
        lock (_gate)
        {
            _statistics += statistics;
            _digest ^= fingerprint; // in whatever order they end
            _findings = finding is null ? _findings : _findings.Add(finding);
        }
    }
}

/// <summary>What runs of many seeds have come to.</summary>
/// <param name="Wanted">How many seeds are to run.</param>
/// <param name="Digest">Of all fingerprints: the same seeds give the same one, in whatever process.</param>
internal sealed record Tally(int From, int Wanted, int Threads, TimeSpan Elapsed, Statistics Statistics, ulong Digest, ImmutableArray<Finding> Findings)
{
    public double SeedsPerSecond => Statistics.Runs / Math.Max(Elapsed.TotalSeconds, 0.001);

    /// <summary>At this rate; <c>null</c> while there is none.</summary>
    public TimeSpan? Left => Statistics.Runs == 0 ? null : (Wanted - Statistics.Runs) / SeedsPerSecond * TimeSpan.FromSeconds(1);
}
