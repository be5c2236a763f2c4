using Orleans.InProcess.Simulation;
using Orleans.Runtime;

namespace Orleans.InProcess.Tests.InProcessOnly.Simulating;

public sealed class SimulatedClusterTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(30);

    private readonly TwoSilos _world = new();

    private IWandererGrain Grain => _world.Grains.GetGrain<IWandererGrain>("a");

    [Fact]
    public void A_call_and_its_answer_take_their_time() => _world.Live(async () =>
    {
        await Grain.Where();
        _world.Transit = static leg => leg.IsAnswer ? 2 * Second : Second;
        var before = _world.Elapsed;

        await Grain.Where();

        Assert.Equal(3 * Second, _world.Elapsed - before);
    });

    [Fact]
    public void Grains_live_on_all_silos_and_call_each_other_from_one_to_another() => _world.Live(async () =>
    {
        var places = new HashSet<string>();
        var legs = new HashSet<(string, string)>();
        _world.Transit = leg =>
        {
            legs.Add((leg.From.Name, leg.To.Name));
            return TimeSpan.FromMilliseconds(1);
        };
        for (var i = 0; i < 40; i++)
        {
            places.Add(await _world.Grains.GetGrain<IWandererGrain>($"{i}").WhereIs($"{i + 1}"));
        }

        Assert.Equal(["silo-1", "silo-2"], places.Order());
        Assert.Contains(("silo-1", "silo-2"), legs);
        Assert.Contains(("silo-2", "silo-1"), legs);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_call_that_is_lost_on_its_way_there_or_back_times_out(bool onTheWayBack) => _world.Live(async () =>
    {
        await Grain.Where();
        _world.Transit = leg => leg.IsAnswer == onTheWayBack ? null : TimeSpan.Zero;
        var before = _world.Elapsed;

        await Assert.ThrowsAsync<TimeoutException>(Grain.Count);

        Assert.InRange(_world.Elapsed - before, ResponseTimeout, 2 * ResponseTimeout);
        _world.Transit = static _ => TimeSpan.Zero;
        Assert.Equal(onTheWayBack ? 2 : 1, await Grain.Count());
    });

    [Fact]
    public void A_silo_that_is_declared_dead_fails_the_calls_that_it_owes_and_its_grains_move() => _world.Live(async () =>
    {
        var silo = await _world.SiloOf(Grain);
        var held = Grain.Hold(TimeSpan.FromHours(1));
        await _world.Wait(Second);
        silo.Node.Crash();
        await _world.Wait(Second);
        Assert.False(held.IsCompleted); // nobody knows yet

        _world.Cluster.Declare(silo);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => held);
        Assert.NotEqual(silo.Name, await Grain.Where());
    });

    [Fact]
    public void A_call_to_a_silo_whose_death_nobody_knows_of_times_out() => _world.Live(async () =>
    {
        var silo = await _world.SiloOf(Grain);
        silo.Node.Crash();

        await Assert.ThrowsAsync<TimeoutException>(Grain.Where);
    });

    [Fact]
    public void A_silo_that_was_declared_dead_while_it_stood_still_goes_on_with_what_it_has() => _world.Live(async () =>
    {
        var zombie = await _world.SiloOf(Grain);
        await Grain.Tick();
        zombie.Node.Stall();
        _world.Cluster.Declare(zombie);
        var other = await Grain.Where();
        await Grain.Tick();
        await _world.Wait(5 * Second);
        Assert.DoesNotContain(zombie.Name, _world.TicksOf(5 * Second).Skip(1));

        zombie.Node.Resume();
        await _world.Wait(5 * Second);

        Assert.NotEqual(zombie.Name, other);
        Assert.Equal(new[] { zombie.Name, other }.Order(), _world.TicksOf(4 * Second).Distinct().Order());
        Assert.Equal(other, await Grain.Where()); // for the others there is only one
    });

    [Fact]
    public void A_split_grain_has_two_activations_for_a_time() => _world.Live(async () =>
    {
        var first = await Grain.Where();

        Assert.True(_world.Cluster.Split(Grain, 10 * Second));

        var during = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            during.Add(await Grain.Where());
        }

        await _world.Wait(10 * Second);
        var after = await Grain.Where();
        Assert.Equal(["silo-1", "silo-2"], during.Order());
        Assert.NotEqual(first, after);
        Assert.Equal(after, await Grain.Where());
    });

    [Fact]
    public void A_grain_without_an_activation_cannot_be_split() => _world.Live(() =>
    {
        Assert.False(_world.Cluster.Split(Grain, Second));
        return Task.CompletedTask;
    });

    [Fact]
    public void A_silo_that_stops_in_order_ends_its_activations_and_they_move() => _world.Live(async () =>
    {
        var silo = await _world.SiloOf(Grain);

        await _world.Cluster.StopSilo(silo, TimeSpan.FromSeconds(30));

        Assert.Equal([$"{silo.Name} ended a"], _world.Ends);
        Assert.NotEqual(silo.Name, await Grain.Where());
    });

    [Fact]
    public void Where_there_is_no_silo_left_a_call_is_refused() => _world.Live(async () =>
    {
        foreach (var silo in _world.Cluster.Silos.ToArray())
        {
            silo.Node.Crash();
            _world.Cluster.Declare(silo);
        }

        await Assert.ThrowsAsync<SiloUnavailableException>(Grain.Where);
    });
}
