using Orleans.InProcess.Simulation;
using World = Orleans.InProcess.Simulation.Simulation;

namespace Orleans.InProcess.Tests.InProcessOnly.Simulating;

// Each of these worlds goes on until it is told: when the thread pool gets to its work is in nobody's hand.
public sealed class EscapeTests : IDisposable
{
    private readonly ManualResetEventSlim _ticks = new();
    private readonly World _world = new(seed: 1);
    private readonly SimulatedNode _node;

    public EscapeTests() => _node = _world.AddNode("office");

    [Fact]
    public void What_comes_back_from_the_thread_pool_fails_the_run_and_is_named() => FailsNaming(nameof(VisitsThePool), VisitsThePool);

    [Fact]
    public void So_does_what_leaves_its_turn_and_comes_back_to_it() => FailsNaming(nameof(WaitsForTheLoose), WaitsForTheLoose);

    [Fact]
    public void So_does_a_timer_that_is_armed_elsewhere() => FailsNaming(nameof(SleepsInThePool), SleepsInThePool);

    public void Dispose() => _ticks.Dispose();

    private void FailsNaming(string who, Func<Task> escape)
    {
        var exception = Assert.Throws<SimulationException>(
            () => _world.Run(_node.Run(async () => await await Task.WhenAny(escape(), TickForever())), TimeSpan.MaxValue / 4));

        Assert.Contains("has escaped", exception.Message, StringComparison.Ordinal);
        Assert.Contains(who, exception.Message, StringComparison.Ordinal);
    }

    private async Task VisitsThePool()
    {
        await Task.Run(_ticks.Wait); // or it is done before anybody awaits it
        Assert.Fail("It came back.");
    }

    private async Task WaitsForTheLoose()
    {
        await Loose();
        Assert.Fail("It came back.");

        async Task Loose() => await Task.Delay(TimeSpan.FromSeconds(1), _node.Clock).ConfigureAwait(false);
    }

    private Task SleepsInThePool() => Task.Run(() => SleepsInThePoolItself());

    private async Task SleepsInThePoolItself() => await Task.Delay(TimeSpan.FromSeconds(1), _node.Clock);

    private async Task TickForever()
    {
        while (true)
        {
            _ticks.Set();
            await Task.Delay(TimeSpan.FromMilliseconds(1), _node.Clock);
        }
    }
}
