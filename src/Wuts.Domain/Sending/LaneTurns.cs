namespace Wuts.Domain.Sending;

/// <summary>
/// Whose turn it is: start-time fair queueing (Goyal, Vin and Cheng, 1996). Each departure costs its lane virtual time, the more the
/// smaller the lane's weight; the lane whose next departure starts earliest is next. A lane that comes back after a pause starts at
/// the present, so nobody saves up turns, and nobody who comes back has to wait for more than what is under way.
/// </summary>
/// <param name="Now">When the last departure started, in virtual time.</param>
internal readonly record struct LaneTurns(long Now, long Authentication, long Utility, long Marketing)
{
    /// <summary>When this lane's next departure starts.</summary>
    public long StartOf(Lane lane) => Math.Max(Now, EndOf(lane));

    /// <summary>The lane's next departure happens.</summary>
    public LaneTurns Take(Lane lane, LaneWeights weights)
    {
        var start = StartOf(lane);
        var end = start + weights.CostOf(lane);
        return lane switch
        {
            Lane.Authentication => this with { Now = start, Authentication = end },
            Lane.Utility => this with { Now = start, Utility = end },
            _ => this with { Now = start, Marketing = end },
        };
    }

    /// <summary>How many departures of one lane come before the one of another that <paramref name="ahead"/> of its own precede.</summary>
    public long Before(Lane lane, Lane other, long ahead, LaneWeights weights)
    {
        var start = StartOf(other) + ahead * weights.CostOf(other);
        var room = start - StartOf(lane);
        return lane < other
            ? room < 0 ? 0 : room / weights.CostOf(lane) + 1
            : room <= 0 ? 0 : (room - 1) / weights.CostOf(lane) + 1; // of two that start at once the more urgent goes first
    }

    private long EndOf(Lane lane) => lane switch
    {
        Lane.Authentication => Authentication,
        Lane.Utility => Utility,
        _ => Marketing,
    };
}
