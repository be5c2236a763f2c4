using System.Collections.Immutable;
using Wuts.Simulation.Runner;
using Wuts.Simulation.World;
using Wuts.Testing;

namespace Wuts.Simulation.Tests;

public sealed class ShrinkerTests
{
    private static readonly ImmutableArray<Fault> Hundred = [.. Enumerable.Range(1, 100).Select(i => new Fault("flush-fails", i))];

    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void The_one_fault_that_matters_is_found()
    {
        var shrinker = new Shrinker(faults => faults.Contains(Hundred[41]) ? faults : null, _clock);

        Assert.Equal((Fault[])[Hundred[41]], shrinker.Shrink(Hundred).AsEnumerable());
        Assert.InRange(shrinker.Runs, 1, 40);
    }

    [Fact]
    public void So_are_two_that_matter_together()
    {
        var shrinker = new Shrinker(faults => faults.Contains(Hundred[3]) && faults.Contains(Hundred[97]) ? faults : null, _clock);

        Assert.Equal((Fault[])[Hundred[3], Hundred[97]], shrinker.Shrink(Hundred).AsEnumerable());
    }

    [Fact]
    public void Kinds_that_do_not_matter_go_first()
    {
        Fault crash = new("silo-crashes", 3);
        var shrinker = new Shrinker(faults => faults.Contains(crash) ? faults : null, _clock);

        Assert.Equal((Fault[])[crash], shrinker.Shrink([.. Hundred, crash]).AsEnumerable());
        Assert.Equal(2, shrinker.Runs);
    }

    [Fact]
    public void A_run_that_fails_without_any_fault_needs_none()
    {
        var shrinker = new Shrinker(static faults => faults, _clock);

        Assert.Empty(shrinker.Shrink(Hundred));
        Assert.Equal(1, shrinker.Runs);
    }

    [Fact]
    public void Faults_that_did_not_strike_any_more_are_left_out_at_once()
    {
        var shrinker = new Shrinker(faults => faults.Contains(Hundred[0]) ? [Hundred[0]] : null, _clock);

        Assert.Equal((Fault[])[Hundred[0]], shrinker.Shrink(Hundred).AsEnumerable());
        Assert.InRange(shrinker.Runs, 1, 4);
    }

    [Fact]
    public void A_fault_that_another_one_hid_behind_goes_in_a_second_pass()
    {
        // The first is needed only as long as the second is there.
        var shrinker = new Shrinker(
            faults => faults.Contains(Hundred[2]) && (faults.Contains(Hundred[0]) || !faults.Contains(Hundred[1])) ? faults : null, _clock);

        Assert.Equal((Fault[])[Hundred[2]], shrinker.Shrink([.. Hundred[..3]]).AsEnumerable());
    }

    [Fact]
    public void It_ends_after_so_many_runs_with_what_it_has()
    {
        var needed = Hundred.Where(fault => fault.Occasion % 2 == 0).ToHashSet();
        var shrinker = new Shrinker(faults => needed.IsSubsetOf(faults) ? faults : null, _clock);

        Assert.Superset(needed, shrinker.Shrink(Hundred).ToHashSet());
        Assert.InRange(shrinker.Runs, 1, Shrinker.MostRuns);
    }

    [Fact]
    public void It_ends_after_so_much_time_with_what_it_has()
    {
        var shrinker = new Shrinker(
            faults =>
            {
                _clock.Advance(Shrinker.MostTime / 3);
                return faults.Length >= 50 ? faults : null;
            },
            _clock);

        Assert.Equal(50, shrinker.Shrink(Hundred).Length);
        Assert.Equal(3, shrinker.Runs);
    }
}
