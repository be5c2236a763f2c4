using Orleans.InProcess.Simulation;
using World = Orleans.InProcess.Simulation.Simulation;

namespace Orleans.InProcess.Tests.InProcessOnly.Simulating;

public sealed class SimulatedNodeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly World _world = new(seed: 1);
    private readonly SimulatedNode _node;
    private readonly SimulatedNode _driver;
    private readonly List<double> _ticks = [];

    public SimulatedNodeTests() => (_node, _driver) = (_world.AddNode("a"), _world.AddNode("driver"));

    [Fact]
    public void A_crashed_node_runs_nothing_more()
    {
        _node.Start(Tick);
        _world.After(3.5 * Second, _node.Crash);

        Drive(() => Task.CompletedTask);

        Assert.Equal([1, 2, 3], _ticks);
    }

    [Fact]
    public void What_a_crashed_node_owes_never_comes()
    {
        var never = _node.Run(() => Task.Delay(10 * Second, _node.Clock));
        _world.After(Second, _node.Crash);

        Drive(() => Task.CompletedTask);

        Assert.False(never.IsCompleted);
    }

    [Fact]
    public void A_crash_in_the_middle_of_something_is_the_end_of_it_at_its_next_await()
    {
        _node.Start(async () =>
        {
            _ticks.Add(1);
            _node.Crash();
            _ticks.Add(2); // it was at it
            await Task.Yield();
            _ticks.Add(3);
        });

        Drive(() => Task.CompletedTask);

        Assert.Equal([1, 2], _ticks);
    }

    [Fact]
    public void A_stalled_node_goes_on_where_it_was_with_all_that_came_due()
    {
        _node.Start(Tick);
        _node.Start(async () =>
        {
            await Task.Delay(5 * Second, _node.Clock);
            _ticks.Add(500 + _world.Elapsed.TotalSeconds);
        });
        _world.After(2.5 * Second, _node.Stall);
        _world.After(10 * Second, _node.Resume);

        Drive(() => Task.CompletedTask, 12.5 * Second);

        Assert.Equal([1, 2, 10, 11, 12, 510], _ticks.Order());
    }

    [Fact]
    public void What_others_give_a_stalled_node_to_do_waits()
    {
        var done = TimeSpan.Zero;
        _world.After(10 * Second, _node.Resume);

        Drive(async () =>
        {
            _node.Stall();
            await _node.Run(() => Task.CompletedTask);
            done = _world.Elapsed;
        });

        Assert.Equal(10 * Second, done);
    }

    [Fact]
    public void What_runs_in_another_node_ends_in_that_of_its_caller()
    {
        TaskScheduler? here = null, there = null, back = null;

        Drive(async () =>
        {
            here = TaskScheduler.Current;
            Assert.Equal(42, await _node.Run(async () =>
            {
                await Task.Yield();
                there = TaskScheduler.Current;
                return 42;
            }));
            back = TaskScheduler.Current;
        });

        Assert.Same(here, back);
        Assert.NotSame(here, there);
    }

    [Fact]
    public void A_timer_with_a_period_fires_until_it_is_disposed_of()
    {
        var timer = _node.Clock.CreateTimer(_ => _ticks.Add(_world.Elapsed.TotalSeconds), null, Second, 2 * Second);
        _world.After(6 * Second, timer.Dispose);

        Drive(() => Task.CompletedTask);

        Assert.Equal([1, 3, 5], _ticks);
    }

    [Fact]
    public void A_timer_that_is_armed_again_fires_at_its_new_time_only()
    {
        var timer = _node.Clock.CreateTimer(_ => _ticks.Add(_world.Elapsed.TotalSeconds), null, Second, Timeout.InfiniteTimeSpan);
        timer.Change(4 * Second, Timeout.InfiniteTimeSpan);

        Drive(() => Task.CompletedTask);

        Assert.Equal([4], _ticks);
    }

    // A minute is longer than anything here takes.
    private void Drive(Func<Task> work, TimeSpan? atLeast = null) => Assert.True(_world.Run(
        _driver.Run(async () =>
        {
            await work();
            await Task.Delay(atLeast ?? Minute, _driver.Clock);
        }),
        2 * Minute));

    private async Task Tick()
    {
        while (true)
        {
            await Task.Delay(Second, _node.Clock);
            _ticks.Add(_world.Elapsed.TotalSeconds);
        }
    }
}
