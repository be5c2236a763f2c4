using System.Diagnostics.Metrics;

namespace Wuts.Grains.Telemetry;

/// <summary>Bounds of histograms, in seconds.</summary>
internal static class Buckets
{
    /// <summary>From a call on the same machine to the longest that a network may take to answer.</summary>
    public static InstrumentAdvice<double> Calls { get; } = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 75],
    };

    /// <summary>From what a person does not notice to a day.</summary>
    public static InstrumentAdvice<double> Waits { get; } = new()
    {
        HistogramBucketBoundaries = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21_600, 86_400],
    };
}
