using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Wuts.Storage.Writing;

/// <summary>What the batch writer tells of itself.</summary>
internal static class WriterMetrics
{
    private static readonly Meter Meter = new("Wuts");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "wuts.storage.flush.duration",
        "s",
        "From handing a flush to the database to its commit.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15] });

    private static readonly Histogram<int> Size = Meter.CreateHistogram(
        "wuts.storage.flush.size",
        "{write}",
        "Writes of a flush.",
        tags: null,
        new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000] });

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "wuts.storage.flush.failures", "{flush}", "Flushes that the database did not confirm.");

    public static long Start() => Stopwatch.GetTimestamp();

    public static void Flushed(long started, int writes)
    {
        Duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        Size.Record(writes);
    }

    public static void Failed() => Failures.Add(1);
}
