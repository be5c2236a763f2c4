using Orleans.InProcess.Simulation;
using World = Orleans.InProcess.Simulation.Simulation;

namespace Orleans.InProcess.Tests.InProcessOnly.Simulating;

public sealed class SimulationTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    [Fact]
    public void The_clock_jumps_to_the_next_timer_when_nothing_is_left_to_do()
    {
        var world = new World(seed: 1);
        var node = world.AddNode("a");

        Assert.True(world.Run(node.Run(() => Task.Delay(TimeSpan.FromDays(3), node.Clock)), Year));

        Assert.Equal(TimeSpan.FromDays(3), world.Elapsed);
        Assert.InRange(world.Step, 1, 10);
    }

    [Fact]
    public void Timers_fire_in_the_order_of_their_times_and_see_their_own()
    {
        var world = new World(seed: 1);
        var node = world.AddNode("a");
        var fired = new List<TimeSpan>();

        world.Run(
            node.Run(() => Task.WhenAll(Enumerable.Range(1, 5).Reverse().Select(async seconds =>
            {
                await Task.Delay(seconds * Second, node.Clock);
                Assert.Equal(seconds * Second, world.Elapsed);
                fired.Add(world.Elapsed);
            }))),
            Year);

        Assert.Equal(Enumerable.Range(1, 5).Select(seconds => seconds * Second), fired);
    }

    [Fact]
    public void The_seed_chooses_the_order_of_turns_and_nothing_else_does()
    {
        var runs = Enumerable.Range(0, 20).Select(Interleave).ToList();

        Assert.Equal(runs, Enumerable.Range(0, 20).Select(Interleave));
        Assert.Equal(20, runs.Distinct().Count());
        Assert.Equal(20, runs.Select(run => run.Fingerprint).Distinct().Count());
    }

    [Fact]
    public void Chance_for_one_purpose_does_not_disturb_that_for_another()
    {
        World here = new(seed: 7), there = new(seed: 7);
        _ = here.Chance("a").Next();

        Assert.Equal(there.Chance("b").Next(), here.Chance("b").Next());
        Assert.NotEqual(there.Chance("a").Next(), there.Chance("b").Next());
        Assert.NotEqual(there.Chance("a").Next(), new World(seed: 8).Chance("a").Next());
    }

    [Fact]
    public void A_run_whose_patience_is_over_has_not_ended()
    {
        var world = new World(seed: 1);
        var node = world.AddNode("a");

        Assert.False(world.Run(node.Run(() => Task.Delay(2 * Second, node.Clock)), Second));
    }

    [Fact]
    public void A_run_in_which_nothing_is_left_that_could_end_it_has_not_ended()
    {
        var world = new World(seed: 1);
        var node = world.AddNode("a");

        Assert.False(world.Run(node.Run(() => new TaskCompletionSource().Task), Year));
    }

    [Fact]
    public void What_the_run_throws_comes_as_it_is()
    {
        var world = new World(seed: 1);

        Assert.Throws<InvalidTimeZoneException>(() => world.Run(world.AddNode("a").Run(() => throw new InvalidTimeZoneException()), Year));
    }

    [Fact]
    public void What_background_work_throws_fails_the_run()
    {
        var world = new World(seed: 1);
        var node = world.AddNode("a");
        node.Start(() => throw new InvalidTimeZoneException());

        var exception = Assert.Throws<SimulationException>(() => world.Run(node.Run(() => Task.Delay(Second, node.Clock)), Year));

        Assert.IsType<InvalidTimeZoneException>(exception.InnerException);
    }

    [Fact]
    public void Work_that_goes_round_and_round_while_time_stands_still_fails_the_run()
    {
        var world = new World(seed: 1);
        var turning = world.AddNode("a").Run(async () =>
        {
            while (true)
            {
                await Task.Yield();
            }
        });

        var exception = Assert.Throws<SimulationException>(() => world.Run(turning, Year));

        Assert.Contains("in a circle", exception.Message, StringComparison.Ordinal);
    }

    private static (string Turns, ulong Fingerprint) Interleave(int seed)
    {
        var world = new World(seed);
        var turns = "";
        var all = Enumerable.Range(0, 5).Select(i => world.AddNode($"{i}").Run(async () =>
        {
            for (var turn = 0; turn < 5; turn++)
            {
                turns += i;
                await Task.Yield();
            }
        }));
        Assert.True(world.Run(Task.WhenAll([.. all]), Year));
        return (turns, world.Fingerprint);
    }
}
