namespace Wuts.Transports.Simulator.Faults;

/// <summary>How long something takes: evenly between two bounds, in milliseconds.</summary>
public sealed record LatencyRange
{
    public const int Longest = 600_000;

    public int Min { get; init; }

    public int Max { get; init; }

    public static LatencyRange Of(int min, int max) => new() { Min = min, Max = max };
}
