using FsCheck.Fluent;
using Wuts.Domain.Quotas;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Quotas;

/// <summary>What a pool promises, in worlds in which answers take time and are lost, tenants come and go, and the pool and the tenants' grains die.</summary>
public sealed class CapacityPoolTests
{
    private const double Bound = 3;
    private const int Seeds = 100;
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(100);

    public static TheoryData<double, int[]> Sharings => new()
    {
        { 10, [1, 1] }, { 10, [1, 2, 5] }, { 50, [1, 2, 5] }, { 50, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1] }, { 333, [1, 2, 5] }, { 1000, [1, 1, 1] }, { 1000, [1, 2, 5] },
    };

    [Theory]
    [MemberData(nameof(Sharings))]
    public void Of_two_that_always_have_more_to_send_none_gets_ahead_of_the_other(double rate, int[] weights) =>
        Assert.All(Worlds(rate, weights, new()), world => Assert.InRange(world.Run(2000).LargestLag, 0, Bound));

    [Theory]
    [InlineData(10, new[] { 1, 1 })]
    [InlineData(50, new[] { 1, 1 })]
    [InlineData(50, new[] { 1, 1, 1, 1, 1, 1 })]
    [InlineData(100, new[] { 1, 2, 5 })]
    public void Nor_while_answers_take_time_tenants_come_and_go_and_the_pool_and_tenants_die(double rate, int[] weights) =>
        Assert.All(
            Worlds(rate, weights, new() { Latency = 3, Leave = 1, Join = 2, KillPool = 1, KillTenant = 1 }),
            world => Assert.InRange(world.Run(3000).LargestLag, 0, Bound));

    [Theory]
    [InlineData(10, new[] { 1, 1 })]
    [InlineData(50, new[] { 1, 1, 1, 1, 1, 1 })]
    [InlineData(100, new[] { 1, 2, 5 })]
    public void Nor_while_answers_are_lost(double rate, int[] weights) =>
        Assert.All(Worlds(rate, weights, new() { Latency = 3, Loss = 20 }), world => Assert.InRange(world.Run(2000).LargestLag, 0, Bound));

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(1000)]
    public void In_any_time_no_more_is_used_than_the_rate_and_what_gathers_in_three_rounds(double rate)
    {
        var terms = new PoolTerms(rate, Round);
        Assert.All(Worlds(rate, [1, 2, 5, 1], new() { Latency = 3, Leave = 3, Join = 3, Loss = 10, KillPool = 1, KillTenant = 1 }), world =>
        {
            var uses = world.Run(2000).Uses;
            for (var first = 0; first < uses.Count; first += 3)
            {
                for (var last = first; last < uses.Count; last += 17)
                {
                    // What is used was granted at most its validity before.
                    var granted = (uses[last] - uses[first] + 4) / 1000.0 + terms.Validity.TotalSeconds;
                    Assert.InRange(last - first + 1, 0, (rate * granted) + terms.Burst + terms.PerRound);
                }
            }
        });
    }

    [Theory]
    [InlineData(20, new[] { 1, 1 })]
    [InlineData(100, new[] { 1, 2, 5 })]
    [InlineData(1000, new[] { 1, 1, 1, 1 })]
    public void Nothing_of_the_rate_is_wasted_while_anybody_has_more_to_send(double rate, int[] weights) => Assert.All(
        Worlds(rate, weights, new() { Latency = 3 }), world =>
        {
            world.Run(3000);
            Assert.InRange(world.Uses.Count / world.Usable, 0.95, 1.5);
        });

    [Fact]
    public void One_round_gives_each_its_weighted_max_min_share() => Law.ForAll(
        from demands in Gen.NonEmptyListOf(Gen.Choose(1, 40))
        from weights in Gen.ListOf(Gen.Choose(1, 5), demands.Count)
        from rate in Gen.Choose(10, 1000)
        select (demands, weights, rate),
        sharing =>
        {
            var (demands, weights, rate) = sharing;
            var pool = CapacityPool.Open(new(rate, Round), T0);
            for (var i = 0; i < demands.Count; i++)
            {
                (pool, var early) = pool.Ask(new($"t{i}", 1, weights[i], demands[i]), T0);
                Assert.Null(early);
            }

            var now = T0.AddSeconds(1);
            var granted = pool.Turn(now).Grants.ToDictionary(g => g.Claimant, g => g.Grant.Permits);
            var got = Enumerable.Range(0, demands.Count).Select(i => granted.GetValueOrDefault($"t{i}")).ToArray();
            Assert.Equal(Math.Min(demands.Sum(), (int)new PoolTerms(rate, Round).Burst), got.Sum());
            Assert.All(got.Index(), a => Assert.All(got.Index(), b => Assert.True(
                a.Item == demands[a.Index] || (double)(b.Item - 1) / weights[b.Index] <= (double)(a.Item + 1) / weights[a.Index],
                $"{a.Item} of {demands[a.Index]} against {b.Item}")));
        },
        runs: 50);

    [Fact]
    public void Who_has_little_to_send_gets_it_at_once_beside_one_that_takes_all_it_can()
    {
        var world = new PoolWorld(new(1000, Round), [1, 1], seed: 1);
        world.Run(1050, startsBacklogged: tenant => tenant == 0);
        var before = world.Served[1];

        world.Send(tenant: 1, messages: 1);
        world.Run(2);

        Assert.Equal(1, world.Served[1] - before);
    }

    [Fact]
    public void What_comes_back_unused_is_granted_to_others()
    {
        var (pool, now) = Running(rate: 10);
        now += TimeSpan.FromMilliseconds(60);
        (pool, var taken) = pool.Ask(new("a", 2, 1, 1), now);
        (pool, var none) = pool.Ask(new("b", 2, 1, 1), now);
        (pool, _) = pool.Ask(new("a", 3, 1, 0, Unused: 1) { UnusedMark = taken!.Mark }, now);

        (_, var grants) = pool.Turn(pool.NextRound!.Value);

        Assert.Equal(1, taken.Permits);
        Assert.NotNull(none ?? grants.Single(g => g.Claimant == "b").Grant);
    }

    [Fact]
    public void What_comes_back_when_the_pool_has_been_full_since_is_worth_nothing()
    {
        var (pool, now) = Running(rate: 10);
        now += TimeSpan.FromMilliseconds(60);
        (pool, var taken) = pool.Ask(new("a", 2, 1, 1), now);
        now += TimeSpan.FromMinutes(1); // full again, of what it would have had anyway
        (pool, _) = pool.Ask(new("b", 2, 1, 1), now);
        (pool, _) = pool.Ask(new("a", 3, 1, 0, Unused: 1) { UnusedMark = taken!.Mark }, now);

        Assert.Equal(2, GrantedAtOnce(pool, now)); // what is left of two, and one in advance
    }

    [Fact]
    public void What_comes_back_in_parts_is_worth_no_more_than_all_of_it_at_once()
    {
        var (pool, now) = Running(rate: 40);
        now += TimeSpan.FromMinutes(1);
        (pool, var taken) = pool.Ask(new("a", 2, 1, 4), now);
        now += TimeSpan.FromMilliseconds(150); // the pool has two of its eight less
        (pool, _) = pool.Ask(new("a", 3, 1, 0, Unused: 2) { UnusedMark = taken!.Mark }, now);
        (pool, _) = pool.Ask(new("a", 4, 1, 0, Unused: 2) { UnusedMark = taken.Mark }, now);

        Assert.Equal(4, taken.Permits);
        Assert.InRange(GrantedAtOnce(pool, now), 1, 8 + 4);
    }

    [Fact]
    public void A_question_that_comes_after_a_later_one_is_not_granted()
    {
        var (pool, now) = Running(rate: 100);
        (pool, _) = pool.Ask(new("a", 3, 1, 1), now);

        var (after, late) = pool.Ask(new("a", 2, 1, 5, Unused: 3), now);

        Assert.Same(pool, after);
        Assert.Equal(0, late!.Permits);
    }

    [Fact]
    public void What_was_put_by_for_a_round_that_is_over_is_not_given()
    {
        var (pool, now) = Running(rate: 2, "a", "b");
        for (var number = 2; pool.NextRound is { } next && number < 6; number++)
        {
            now = next;
            (pool, _) = pool.Turn(now);
        }

        var (_, grant) = pool.Ask(new("b", 9, 1, 1), now + new PoolTerms(2, Round).Validity);

        Assert.True(grant is null or { ValidFor.Ticks: > 0 });
    }

    [Fact]
    public void A_question_that_is_repeated_is_granted_once()
    {
        var (pool, now) = Running(rate: 100);
        var ask = new PoolAsk("a", 2, 1, 5);
        (pool, var first) = pool.Ask(ask, now);

        var (same, again) = pool.Ask(ask, now.AddMilliseconds(10));

        Assert.Same(pool, same);
        Assert.Equal((first!.Permits, first.Mark), (again!.Permits, again.Mark));
        Assert.Equal(first.ValidFor - TimeSpan.FromMilliseconds(10), again.ValidFor);
    }

    [Fact]
    public void Who_was_expected_and_does_not_come_holds_up_nobody_for_longer_than_a_round()
    {
        var (pool, now) = Running(rate: 100, "dead", "alive");
        (pool, _) = pool.Turn(pool.NextRound!.Value); // puts by for both

        var later = pool.NextRound!.Value;
        (pool, _) = pool.Ask(new("alive", 3, 1, 50), later.AddMilliseconds(-1));
        (pool, _) = pool.Turn(later);
        (_, var whole) = pool.Ask(new("alive", 4, 1, 50), later.AddMilliseconds(99));

        Assert.InRange(whole!.Permits, 10, 20);
        Assert.True(now < later);
    }

    [Fact]
    public void A_pool_that_was_lost_goes_on_once_its_grants_have_ended_and_whoever_asked_by_then_begins_alike()
    {
        var pool = CapacityPool.Open(new(20, Round), T0);
        (pool, _) = pool.Ask(new("one", 7, 1, 9), T0);
        (pool, _) = pool.Ask(new("other", 7, 1, 9), T0);

        Assert.Equal(T0.AddMilliseconds(200), pool.NextRound);
        Assert.Empty(pool.Turn(T0.AddMilliseconds(199)).Grants);
        var (_, grants) = pool.Turn(T0.AddMilliseconds(200));

        Assert.Equal([("one", 1), ("other", 1)], grants.Select(of => (of.Claimant, of.Grant.Permits)));
    }

    [Fact]
    public void Who_comes_while_there_is_enough_leaves_the_others_what_they_are_expected_to_want_next()
    {
        var (pool, round) = SpendingAllThatGathered();

        var (_, grant) = pool.Ask(new("new", 1, 1, 20), round.AddMilliseconds(90));

        Assert.InRange(grant!.Permits, 1, 3);
    }

    [Fact]
    public void Who_comes_while_another_spends_all_that_had_gathered_spends_its_part_by_the_end_of_the_round()
    {
        var (pool, round) = SpendingAllThatGathered();

        var (_, grant) = pool.Ask(new("new", 1, 1, 20), round.AddMilliseconds(50));

        Assert.InRange(grant!.Permits, 8, 11);
        Assert.InRange(grant.Permits * grant.Spacing, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void It_begins_with_no_more_than_a_round_so_that_who_is_not_wholly_back_gets_as_much()
    {
        var pool = CapacityPool.Open(new(20, Round), T0);
        (pool, _) = pool.Ask(new("back", 7, 1, 9), T0);
        (pool, _) = pool.Ask(new("its other device is not yet", 7, 1, 1), T0);

        var (_, grants) = pool.Turn(pool.NextRound!.Value);

        Assert.All(grants, grant => Assert.Equal(1, grant.Grant.Permits));
        Assert.Equal(2, grants.Length);
    }

    private static IEnumerable<PoolWorld> Worlds(double rate, int[] weights, Disturbances disturbances) =>
        Enumerable.Range(1, Seeds).Select(seed => new PoolWorld(new(rate, Round), [.. weights], seed) { Disturbances = disturbances });

    /// <summary>What somebody gets who asks for all that there is, one by one.</summary>
    private static int GrantedAtOnce(CapacityPool pool, DateTimeOffset now)
    {
        for (var number = 1; ; number++)
        {
            (pool, var grant) = pool.Ask(new($"one of many {number}", 1, 1, 1), now);
            if (grant is null)
            {
                return number - 1;
            }
        }
    }

    /// <summary>A pool of 100 a second at the beginning of a round, in which one claimant has got the permits of two.</summary>
    private static (CapacityPool Pool, DateTimeOffset Round) SpendingAllThatGathered()
    {
        var pool = CapacityPool.Open(new(100, Round), T0);
        (pool, _) = pool.Ask(new("always has more", 1, 1, 15), T0);
        (pool, _) = pool.Turn(T0.AddMilliseconds(200));
        (pool, _) = pool.Ask(new("always has more", 2, 1, 20), T0.AddMilliseconds(290));
        var round = T0.AddMilliseconds(400);
        return (pool.Turn(round).Pool, round);
    }

    /// <summary>A pool in its first round, which these have asked.</summary>
    private static (CapacityPool Pool, DateTimeOffset Now) Running(double rate, params string[] claimants)
    {
        var pool = CapacityPool.Open(new(rate, Round), T0);
        foreach (var claimant in claimants.DefaultIfEmpty("a"))
        {
            (pool, _) = pool.Ask(new(claimant, 1, 1, claimants.Length == 0 ? 1 : 50), T0);
        }

        var now = T0.AddMilliseconds(200);
        return (pool.Turn(now).Pool, now.AddMilliseconds(50));
    }
}
