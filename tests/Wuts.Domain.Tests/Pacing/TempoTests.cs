using System.Collections.Immutable;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Pacing;

/// <summary>About when the messages of a paced queue leave.</summary>
public sealed class TempoTests
{
    private static readonly Tempo SixAMinute = new() { All = new(new(T0.AddSeconds(4)), 0.1, TimeSpan.FromSeconds(10), null) };

    [Fact]
    public void Each_leaves_a_gap_after_the_one_before()
    {
        var queue = Queue(("a", Category.Utility), ("b", Category.Utility), ("c", Category.Utility));

        Assert.Equal([4, 14, 24], Seconds(queue, SixAMinute, "a", "b", "c"));
        Assert.Equal([4, 14], Seconds(queue.Remove("a"), SixAMinute, "b", "c"));
        Assert.Equal([14, 24], Seconds(queue.Begin("a"), SixAMinute, "b", "c"));
    }

    [Theory]
    [InlineData(50)]
    [InlineData(5000)]
    public void A_password_is_not_estimated_at_the_pace_of_the_marketing_that_it_goes_before(int marketing)
    {
        var queue = Queue([.. Enumerable.Range(0, marketing).Select(i => ($"m{i}", Category.Marketing)), ("password", Category.Authentication)]);

        Assert.Equal([4], Seconds(queue, SixAMinute, "password"));
    }

    [Fact]
    public void What_waits_for_another_day_is_not_before_what_is_due()
    {
        var queue = Enumerable.Range(0, 1000).Aggregate(
            Queue(("due", Category.Utility)), (queue, i) => queue.Add(Message($"p{i}", Category.Utility, i - 2000) with { ReadyAt = T0.AddDays(1) }));

        Assert.Equal([4], Seconds(queue, SixAMinute, "due"));
    }

    [Fact]
    public void What_may_be_saved_up_leaves_at_once()
    {
        var queue = Queue([.. Enumerable.Range(0, 10).Select(i => ($"m{i}", Category.Utility))]);
        var tempo = new Tempo { All = new(default, 2, TimeSpan.FromSeconds(0.5), null), Burst = TimeSpan.FromSeconds(2) };

        Assert.Equal([0, 0, 0, 2.5], Seconds(queue, tempo, "m0", "m1", "m4", "m9"));
        Assert.Equal([30, 30, 32.5], Seconds(queue, tempo with { HeldUntil = T0.AddSeconds(30) }, "m0", "m4", "m9"));
    }

    [Fact]
    public void A_slow_category_takes_its_own_time()
    {
        var queue = Queue(("m1", Category.Marketing), ("m2", Category.Marketing), ("bill", Category.Utility));
        var tempo = new Tempo
        {
            All = new(default, 1, TimeSpan.FromSeconds(1), null),
            Slowed = ImmutableDictionary<Category, Flow>.Empty.Add(Category.Marketing, new(new(T0.AddSeconds(20)), 0.05, TimeSpan.FromSeconds(20), PaceSignal.Blocked)),
        };

        Assert.Equal([20, 40, 0], Seconds(queue, tempo, "m1", "m2", "bill"));
    }

    [Fact]
    public void A_recipient_takes_one_after_the_other()
    {
        var queue = OutboundQueue.Empty.Add(Message("a1", Category.Utility, 1, "a")).Add(Message("a2", Category.Utility, 2, "a"));
        var tempo = new Tempo
        {
            All = new(default, 10, TimeSpan.FromSeconds(0.1), null),
            PairGap = TimeSpan.FromSeconds(6),
            Pairs = new Dictionary<string, Gcra> { ["a"] = new(T0.AddSeconds(5)) },
        };

        Assert.Equal([5, 11], Seconds(queue, tempo, "a1", "a2"));
    }

    [Fact]
    public void A_gap_is_as_long_on_average_as_chance_makes_it()
    {
        var profile = new PaceProfile
        {
            Ceiling = 0.5, Floor = 0.1, RecoverEvery = TimeSpan.FromHours(1), RecoverBy = 0.05, Jitter = 1, PauseEvery = 25,
            ShortestPause = TimeSpan.FromSeconds(20), LongestPause = TimeSpan.FromSeconds(90),
        };

        var average = Enumerable.Range(0, 10_000).Average(i => profile.Gap(0.5, (i + 0.5) / 10_000).TotalSeconds);
        Assert.Equal(average, profile.MeanGap(0.5).TotalSeconds, 2);
    }

    [Fact]
    public void A_pace_remembers_what_slowed_it()
    {
        var policy = new PacePolicy(
            new() { Ceiling = 1, Floor = 0.01, RecoverEvery = TimeSpan.FromMinutes(1), RecoverBy = 0.05 },
            new()
            {
                CoolDown = TimeSpan.FromMinutes(1), ReceiptGrace = TimeSpan.FromMinutes(10), Sample = 100, LeastSample = 20, UndeliveredShare = 0.3,
                BlockedShare = 0.03, DisconnectsPerHour = 5, ThrottleWait = TimeSpan.FromSeconds(1), YellowShare = 0.5, RedShare = 0.1,
            });
        var full = Pace.Full(policy.Profile, T0);
        var slowed = full.Slowed(policy, new(PaceSignal.Blocked, Category.Marketing, 0.1, 0.03), T0).Throttled(policy, TimeSpan.FromSeconds(9), T0);

        Assert.Null(full.SlowedBy(policy));
        Assert.Null(full.SlowedBy(policy, Category.Marketing));
        Assert.Equal((PaceSignal.Throttled, PaceSignal.Blocked), (slowed.SlowedBy(policy), slowed.SlowedBy(policy, Category.Marketing)));
        Assert.Null(slowed.SlowedBy(policy, Category.Utility));
        Assert.Equal(PaceSignal.Throttled, slowed.Recovered(policy, T0.AddMinutes(3)).SlowedBy(policy));
        Assert.Equal(PaceSignal.Quality, full.Rated(policy, QualityRating.Red, T0, T0).SlowedBy(policy));
        Assert.Null(slowed.Recovered(policy, T0.AddDays(1)).SlowedBy(policy));
    }

    private static double[] Seconds(OutboundQueue queue, Tempo tempo, params string[] ids) =>
        ids.Select(id => (queue.EstimateDeparture(id, T0, tempo) - T0).TotalSeconds).ToArray();

    private static OutboundQueue Queue(params (string Id, Category Category)[] messages) =>
        messages.Index().Aggregate(OutboundQueue.Empty, (queue, m) => queue.Add(Message(m.Item.Id, m.Item.Category, m.Index)));

    private static QueuedMessage Message(string id, Category category, long position, string? chat = null) =>
        new(id, chat ?? id, position, T0, TimeSpan.Zero, Category: category, AcceptedAt: T0);
}
