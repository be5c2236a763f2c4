using FsCheck;
using FsCheck.Fluent;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Pacing;

public sealed class PaceTests
{
    private static readonly PacePolicy Policy = new(
        new() { Ceiling = 80, Floor = 0.1, Burst = TimeSpan.FromSeconds(1), RecoverEvery = TimeSpan.FromMinutes(5), RecoverBy = 0.05 },
        new()
        {
            CoolDown = TimeSpan.FromMinutes(1), ReceiptGrace = TimeSpan.FromMinutes(10), Sample = 100, LeastSample = 20, UndeliveredShare = 0.3,
            BlockedShare = 0.03, DisconnectsPerHour = 5, ThrottleWait = TimeSpan.FromSeconds(1), YellowShare = 0.5, RedShare = 0.1,
        });

    private static readonly PaceWarning Disconnects = new(PaceSignal.Disconnects, null, 5, 5);
    private static readonly PaceWarning Undelivered = new(PaceSignal.Undelivered, Category.Marketing, 0.4, 0.3);

    private static Pace Full => Pace.Full(Policy.Profile, T0);

    [Fact]
    public void A_signal_about_the_number_halves_the_pace_once_in_a_cool_down()
    {
        var once = Full.Slowed(Policy, Disconnects, T0);
        var twice = once.Slowed(Policy, Disconnects, T0.AddSeconds(59));
        var later = once.Slowed(Policy, Disconnects, T0.AddSeconds(60));

        Assert.Equal((40, 40, 20), (once.Rate, twice.Rate, later.Rate));
        Assert.Equal(new PaceChange(T0, PaceSignal.Disconnects, null, 5, 5, 80, 40), Assert.Single(twice.Changes));
    }

    [Fact]
    public void A_signal_from_marketing_slows_marketing_first_and_everything_when_that_is_at_the_floor()
    {
        var pace = Full.Slowed(Policy, Undelivered, T0);
        Assert.Equal((80, 40, 80), (pace.Rate, pace.RateOf(Category.Marketing, Policy.Profile), pace.RateOf(Category.Utility, Policy.Profile)));

        for (var i = 1; i <= 10; i++)
        {
            pace = pace.Slowed(Policy, Undelivered, T0.AddMinutes(i));
        }

        Assert.Equal(0.1, pace.RateOf(Category.Marketing, Policy.Profile), 6);
        Assert.True(pace.RateOf(Category.Authentication, Policy.Profile) < 80);
    }

    [Fact]
    public void Without_signals_it_rises_by_a_step_an_interval_up_to_the_ceiling_and_tells_so_once()
    {
        var slow = Full.Slowed(Policy, Disconnects, T0);

        Assert.Same(slow, slow.Recovered(Policy, T0.AddMinutes(4)));
        var risen = slow.Recovered(Policy, T0.AddMinutes(5)).Recovered(Policy, T0.AddMinutes(17));
        Assert.Equal(52, risen.Rate, 6);
        Assert.Equal((PaceSignal.Recovery, 40.0), (risen.Changes[^1].Signal, risen.Changes[^1].Before));
        Assert.Equal(2, risen.Changes.Length);
        Assert.Equal(80, risen.Recovered(Policy, T0.AddDays(1)).Rate);
    }

    [Fact]
    public void A_red_number_is_capped_until_its_rating_is_better_and_rises_then()
    {
        var red = Full.Rated(Policy, QualityRating.Red, T0, T0);
        Assert.Equal((8, 8), (red.Rate, red.Cap(Policy)));
        Assert.Equal(8, red.Recovered(Policy, T0.AddDays(1)).Rate);

        Assert.Same(red, red.Rated(Policy, QualityRating.Green, T0.AddSeconds(-1), T0)); // older word
        var green = red.Rated(Policy, QualityRating.Green, T0.AddHours(1), T0.AddHours(1));
        Assert.Equal((8, 12), (green.Rate, green.Recovered(Policy, T0.AddMinutes(65)).Rate));
    }

    [Fact]
    public void A_network_that_asks_for_less_is_left_alone_until_then_and_halves_the_pace()
    {
        var pace = Full.Throttled(Policy, TimeSpan.FromSeconds(30), T0).Throttled(Policy, TimeSpan.FromSeconds(5), T0.AddSeconds(1));

        Assert.Equal((T0.AddSeconds(30), 40.0), (pace.HeldUntil, pace.Rate));
    }

    [Fact]
    public void After_a_ban_it_begins_at_the_floor()
    {
        var banned = Full.Banned(Policy, T0);

        Assert.Equal((0.1, PaceSignal.TemporaryBan), (banned.Rate, banned.Changes[^1].Signal));
    }

    [Fact]
    public void Whatever_happens_it_stays_between_floor_and_cap_and_keeps_few_reasons() => Law.ForAll(Sequences.Of(AnyStep), steps =>
    {
        var (pace, now) = (Full, T0);
        foreach (var step in steps)
        {
            now += step.Wait;
            var before = pace;
            pace = step.Act(pace.Recovered(Policy, now), now);

            Assert.InRange(pace.Rate, Policy.Profile.Floor, pace.Cap(Policy) + 1e-9);
            Assert.All(Enum.GetValues<Category>(), category => Assert.InRange(pace.RateOf(category, Policy.Profile), Policy.Profile.Floor - 1e-9, pace.Rate + 1e-9));
            Assert.True(pace.Changes.Length <= Pace.KeptChanges);
            Assert.True(pace.Rate == before.Rate || pace.Changes != before.Changes);
        }
    });

    [Theory]
    [InlineData(0.039, 20.0, 90.0)]
    [InlineData(0.5, 3.0, 6.0)]
    [InlineData(0.999, 3.0, 6.0)]
    public void A_human_gap_is_never_shorter_than_the_rate_and_now_and_then_a_pause(double chance, double least, double most)
    {
        var human = new PaceProfile
        {
            Ceiling = 20.0 / 60, Floor = 1.0 / 60, RecoverEvery = TimeSpan.FromHours(1), RecoverBy = 0.05,
            Jitter = 1, PauseEvery = 25, ShortestPause = TimeSpan.FromSeconds(20), LongestPause = TimeSpan.FromSeconds(90),
        };

        var gap = human.Gap(human.Ceiling, chance).TotalSeconds;

        Assert.InRange(gap, least, chance < 0.04 ? most + 3 : most);
    }

    private static Gen<(TimeSpan Wait, Func<Pace, DateTimeOffset, Pace> Act)> AnyStep { get; } =
        from minutes in Gen.Choose(0, 30)
        from act in Gen.Elements<Func<Pace, DateTimeOffset, Pace>>(
            (pace, now) => pace.Slowed(Policy, Disconnects, now),
            (pace, now) => pace.Slowed(Policy, Undelivered, now),
            (pace, now) => pace.Throttled(Policy, TimeSpan.FromSeconds(3), now),
            (pace, now) => pace.Rated(Policy, QualityRating.Red, now, now),
            (pace, now) => pace.Rated(Policy, QualityRating.Yellow, now, now),
            (pace, now) => pace.Rated(Policy, QualityRating.Green, now, now),
            (pace, now) => pace.Banned(Policy, now),
            (pace, _) => pace)
        select (TimeSpan.FromMinutes(minutes), act);
}
