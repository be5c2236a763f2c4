using Wuts.Simulation.Runner;
using Wuts.Simulation.Variants;

// The simulations of one test use all cores; side by side, tests would only wait for each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Wuts.Simulation.Tests;

internal static class Seeds
{
    /// <summary>Runs the product on one seed, and fails with the shrunk failure and the command that replays it.</summary>
    public static void MustPass(int seed) => MustPass(new SeedRunner(new Variant(), threads: 1, watch: null).Run(seed, 1));

    public static void MustPass(Tally tally)
    {
        if (!tally.Findings.IsEmpty)
        {
            Assert.Fail(string.Join("\n\n", tally.Findings.Select(FailureReport.Of)));
        }
    }
}
