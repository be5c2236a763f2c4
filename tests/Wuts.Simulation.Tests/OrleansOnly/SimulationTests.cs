namespace Wuts.Simulation.Tests.OrleansOnly;

public sealed class SimulationTests
{
    [Fact(Skip = "The simulation needs the deterministic scheduler of the in-process engine: -p:WutsEngine=inprocess.")]
    public void The_whole_system_keeps_its_promises_under_simulation()
    {
    }
}
