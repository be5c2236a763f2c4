using Orleans.InProcess.Simulation;

namespace Wuts.Simulation.World;

/// <summary>How long calls between processes take: mostly next to nothing, at times seconds, and some never arrive.</summary>
internal sealed class CallTimes(FaultPlan faults, Random chance)
{
    public TimeSpan? Of(Transit leg) =>
        faults.Strikes(leg.IsAnswer ? "answer-lost" : "call-lost", 0.0005) ? null
        : faults.Strikes(leg.IsAnswer ? "answer-late" : "call-late", 0.005) ? TimeSpan.FromMilliseconds(chance.Next(100, 20_000))
        : leg.From == leg.To ? TimeSpan.Zero
        : TimeSpan.FromMicroseconds(chance.Next(50, 3_000));
}
