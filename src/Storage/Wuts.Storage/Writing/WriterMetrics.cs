using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Wuts.Storage.Writing;

/// <summary>What the batch writer tells of itself.</summary>
internal static class WriterMetrics
{
    private static readonly Meter Meter = new("Wuts");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "wuts.storage.flush.duration", "s", "From handing a flush to the database to its commit.");

    private static readonly Histogram<int> Size = Meter.CreateHistogram<int>("wuts.storage.flush.size", "{write}", "Writes of a flush.");

    public static long Start() => Stopwatch.GetTimestamp();

    public static void Flushed(long started, int writes)
    {
        Duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        Size.Record(writes);
    }
}
