using System.Collections.Immutable;
using Wuts.Benchmarks.Measuring;

namespace Wuts.Benchmarks.Load;

/// <summary>What a load came to.</summary>
internal sealed record LoadFigures
{
    /// <summary>Messages that were answered with a success.</summary>
    public required int Accepted { get; init; }

    /// <summary>From the first request to the last answer.</summary>
    public required TimeSpan Answered { get; init; }

    /// <summary>Accepted messages whose four webhooks all came.</summary>
    public required int Complete { get; init; }

    /// <summary>From the first request to the last webhook.</summary>
    public required TimeSpan Through { get; init; }

    public required Latencies Accept { get; init; }

    public required Latencies Dispatch { get; init; }

    public required Usage Used { get; init; }

    public required long PeakMemory { get; init; }

    public required FlushFigures Flushes { get; init; }

    /// <summary>Accepted messages that lack a webhook: there must be none.</summary>
    public required ImmutableArray<string> Incomplete { get; init; }

    /// <summary>Posts of an event that had come before.</summary>
    public required long Repeated { get; init; }

    /// <summary>Messages with webhooks whose acceptance no client was told of.</summary>
    public required int Unknown { get; init; }

    public required IReadOnlyDictionary<string, int> Refused { get; init; }

    public double AcceptedPerSecond => Accepted / Answered.TotalSeconds;

    public double LifecyclesPerSecond => Complete / Through.TotalSeconds;
}
