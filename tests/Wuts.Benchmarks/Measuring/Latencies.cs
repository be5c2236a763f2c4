using System.Diagnostics;

namespace Wuts.Benchmarks.Measuring;

/// <summary>How long things took. One writer; read after it is done.</summary>
internal sealed class Latencies
{
    private readonly List<long> _ticks = [];

    public int Count => _ticks.Count;

    public void Add(long startedAt) => _ticks.Add(Stopwatch.GetTimestamp() - startedAt);

    public void Add(TimeSpan time) => _ticks.Add((long)(time.TotalSeconds * Stopwatch.Frequency));

    public void AddAll(Latencies other) => _ticks.AddRange(other._ticks);

    /// <summary>The value that this share of all does not exceed, in milliseconds.</summary>
    public double Percentile(double share)
    {
        if (_ticks.Count == 0)
        {
            return double.NaN;
        }

        _ticks.Sort();
        var index = (int)Math.Ceiling(share * _ticks.Count) - 1;
        return _ticks[Math.Clamp(index, 0, _ticks.Count - 1)] * 1000.0 / Stopwatch.Frequency;
    }
}
