namespace Wuts.Domain.Sending;

/// <summary>
/// How a device divides its departures among the lanes that have something to send: by these numbers, and only their proportion
/// counts. A lane that has nothing to send leaves its part to the others.
/// </summary>
public sealed record LaneWeights(int Authentication, int Utility, int Marketing)
{
    /// <summary>The least part of the departures that a lane may be given, in percent.</summary>
    public const int LeastPercent = 5;

    // A departure of a lane with the whole weight. Whole numbers, so that equal histories give equal turns.
    private const long WholeCost = 1_000_000;

    public static LaneWeights Default { get; } = new(70, 25, 5);

    public int this[Lane lane] => lane switch
    {
        Lane.Authentication => Authentication,
        Lane.Utility => Utility,
        _ => Marketing,
    };

    public long Total => (long)Authentication + Utility + Marketing;

    /// <summary>Whether the lane's part of the departures is below <see cref="LeastPercent"/>.</summary>
    public bool Starves(Lane lane) => this[lane] * 100L < Total * LeastPercent;

    internal long CostOf(Lane lane) => WholeCost * Total / this[lane];
}
