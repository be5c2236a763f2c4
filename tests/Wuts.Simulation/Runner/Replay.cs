using System.Collections.Immutable;
using System.Globalization;
using Wuts.Simulation.Variants;
using Wuts.Simulation.World;

namespace Wuts.Simulation.Runner;

/// <summary>All that it takes to have a run once more: the same to the last step, on any machine.</summary>
/// <param name="Only">The faults that may strike; <c>null</c> for all that the seed has.</param>
internal sealed record Replay(int Seed, Variant Variant, ImmutableArray<Fault>? Only = null)
{
    /// <summary>For a shell, in the root of the repository.</summary>
    public string Command
    {
        get
        {
            var variant = Variant.Name == new Variant().Name ? "" : $" VARIANT={Variant.Name}";
            var faults = Only is { } only ? $" FAULTS={FaultList.Write(only)}" : "";
            return string.Create(CultureInfo.InvariantCulture, $"make simulate SEED={Seed}{variant}{faults}");
        }
    }

    /// <exception cref="Orleans.InProcess.Simulation.SimulationException">It has left the simulation, or background work of it failed.</exception>
    public Outcome Run() => SimulatedWorld.Run(Seed, Variant, Only?.ToHashSet());
}

/// <summary>Faults, as the command line has them: <c>silo-crashes:4,flush-answer-lost:17</c>, or <c>none</c>.</summary>
internal static class FaultList
{
    private const string None = "none";

    public static string Write(ImmutableArray<Fault> faults) => faults.IsEmpty ? None : string.Join(',', faults);

    /// <exception cref="FormatException">It is no such list.</exception>
    public static ImmutableArray<Fault> Read(string text) =>
        text == None ? [] : [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Fault.Parse)];
}
