using System.Collections.Immutable;
using Wuts.Testing.Checking;

namespace Wuts.Grains.Tests.Checking;

public sealed class FairShareTests
{
    [Fact]
    public void Turn_and_turn_about_is_fair() => Served("abababababab").IsHealthy();

    [Fact]
    public void Three_ahead_is_still_fair() => Served("ababaaabbab").IsHealthy();

    [Fact]
    public void Four_ahead_is_not() => Served("ababaaaabbb").BreaksOnly(Invariant.FairShare, "m7");

    [Fact]
    public void Nor_is_it_where_the_one_ahead_was_behind_before() => Served("abbaaaab").BreaksOnly(Invariant.FairShare, "m6");

    [Fact]
    public void What_adds_up_slowly_is_seen() => Served("aabaabaabaab").BreaksOnly(Invariant.FairShare, "m7");

    [Fact]
    public void Weights_count() => Served("aaabaaabaaabaaab", weightOfA: 3).IsHealthy();

    [Fact]
    public void So_equal_service_is_not_fair_to_unequal_ones() => Served("abababababab", weightOfA: 3).BreaksOnly(Invariant.FairShare, "m9");

    [Fact]
    public void Each_two_are_compared() => Served("abcabcabababab").BreaksOnly(Invariant.FairShare, "m12", "m13");

    [Fact]
    public void Who_wants_nothing_is_not_ahead_of() => Served("aaaaaaaa").But(h => Pool(h, p => p with { Backlogs = [p.Backlogs[0]] })).IsHealthy();

    [Fact]
    public void Nor_before_it_wants_something() => Served("aaaaaaaababab")
        .But(h => Pool(h, p => p with { Backlogs = [p.Backlogs[0], p.Backlogs[1] with { From = Story.At(7.5) }] })).IsHealthy();

    [Fact]
    public void At_one_instant_there_is_no_order() => Served("aaaabbbb").But(h => Pool(h, p => p with { Served = [.. p.Served.Select(s => s with { At = Story.At(1) })], Burst = 8 }))
        .IsHealthy();

    [Fact]
    public void A_pool_gives_no_more_than_it_has() => Served("abababab").But(h => Pool(h, p => p with { PerSecond = 0.5, Burst = 3 }))
        .BreaksOnly(Invariant.FairShare, "m5");

    [Fact]
    public void To_all_of_them_together() => Served("ab").But(h => Pool(h, p => p with { PerSecond = 0.5, Burst = 1, Backlogs = [] }))
        .BreaksOnly(Invariant.FairShare, "m1");

    // One a second; everybody wants more all the time.
    private static History Served(string tenants, double weightOfA = 1) => new Story().But(h => h with
    {
        WatchedEndpoints = [],
        Pools =
        [
            new(
                "dispatch", PerSecond: 1, Burst: 2,
                tenants.Distinct().ToImmutableDictionary(t => $"{t}", t => t == 'a' ? weightOfA : 1),
                [.. tenants.Select((t, i) => new Served(Story.At(i), $"{t}", $"m{i}"))],
                [.. tenants.Distinct().Append('b').Distinct().Select(t => new TenantBacklog($"{t}", Story.At(0), Story.At(tenants.Length)))]),
        ],
    });

    private static History Pool(History history, Func<SharedPool, SharedPool> change) => history with { Pools = [change(history.Pools[0])] };
}
