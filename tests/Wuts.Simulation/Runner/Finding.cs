using Wuts.Simulation.World;

namespace Wuts.Simulation.Runner;

/// <summary>A run that did not end well.</summary>
internal abstract record Finding(Replay Run)
{
    /// <summary>It broke a promise.</summary>
    public sealed record Violated(Replay Run, Outcome Outcome) : Finding(Run);

    /// <summary>It could not be judged: it left the simulation, ran in a circle, or something failed that nobody waited for.</summary>
    public sealed record Broken(Replay Run, Exception Exception) : Finding(Run);
}
