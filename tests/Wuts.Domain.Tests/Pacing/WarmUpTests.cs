using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Wuts.Domain.Pacing;

namespace Wuts.Domain.Tests.Pacing;

public sealed class WarmUpTests
{
    private static readonly DateTimeOffset Day1 = new(2030, 1, 1, 10, 0, 0, TimeSpan.Zero);

    private static readonly WarmUp Default = new() { Began = WarmUp.DayOf(Day1), Schedule = WarmUpSchedules.Published };

    [Fact]
    public void Two_thousand_strangers_at_once_take_four_days()
    {
        var times = PlanAll(Default, Enumerable.Repeat(new Arrival(Day1, MayWait: true), 2000));

        Assert.Equal([250, 500, 1000, 250], times.GroupBy(WarmUp.DayOf).OrderBy(day => day.Key).Select(day => day.Count()));
        Assert.Equal(250, times.Count(at => at == Day1));
        Assert.All(times.Where(at => at != Day1), at => Assert.InRange(at.TimeOfDay, TimeSpan.FromHours(9), TimeSpan.FromHours(20)));
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public void Those_of_a_day_are_spread_over_its_waking_hours()
    {
        var (_, at) = PlanLast(Default, 251);
        var (_, last) = PlanLast(Default, 750);

        Assert.Equal(new DateTimeOffset(2030, 1, 2, 9, 0, 39, TimeSpan.Zero), at);
        Assert.Equal(new DateTimeOffset(2030, 1, 2, 19, 59, 20, TimeSpan.Zero), last);
    }

    [Fact]
    public void After_the_last_day_of_the_schedule_there_is_no_limit()
    {
        var later = Day1.AddDays(7);

        Assert.True(Default.IsOver(later));
        Assert.Null(Default.AllowedOn(WarmUp.DayOf(later)));
        Assert.All(PlanAll(Default, Enumerable.Repeat(new Arrival(later, MayWait: true), 20_000)), at => Assert.Equal(later, at));
    }

    [Fact]
    public void What_may_not_wait_counts_and_is_not_moved()
    {
        var (full, _) = PlanLast(Default, 250);

        var (next, at) = full.Plan(Day1, mayWait: false);

        Assert.Equal(Day1, at);
        Assert.Equal(251, next.PlannedOn(WarmUp.DayOf(Day1)));
    }

    [Fact]
    public void A_delayed_message_counts_on_the_day_on_which_it_is_due()
    {
        var (next, at) = Default.Plan(Day1.AddDays(1), mayWait: true);

        Assert.Equal((Day1.AddDays(1), 0, 1), (at, next.PlannedOn(WarmUp.DayOf(Day1)), next.PlannedOn(WarmUp.DayOf(Day1.AddDays(1)))));
    }

    [Fact]
    public void No_order_of_arrivals_puts_more_on_a_day_than_it_allows_and_nobody_before_their_time() => Law.ForAll(AnyArrivals, x =>
    {
        var times = PlanAll(x.WarmUp, x.Arrivals);

        Assert.All(x.Arrivals.Zip(times), pair => Assert.True(pair.Second >= pair.First.From));
        var waiting = x.Arrivals.Zip(times).Where(pair => pair.First.MayWait).GroupBy(pair => WarmUp.DayOf(pair.Second));
        Assert.All(waiting, day => Assert.True(day.Count() <= (x.WarmUp.AllowedOn(day.Key) ?? int.MaxValue)));
    });

    [Fact]
    public void Nobody_is_moved_past_a_day_that_has_room() => Law.ForAll(AnyArrivals, x =>
    {
        var warmUp = x.WarmUp;
        foreach (var arrival in x.Arrivals)
        {
            var before = warmUp;
            (warmUp, var at) = warmUp.Plan(arrival.From, arrival.MayWait);
            for (var day = WarmUp.DayOf(arrival.From); day < WarmUp.DayOf(at); day = day.AddDays(1))
            {
                Assert.True(before.PlannedOn(day) >= before.AllowedOn(day));
            }
        }
    });

    [Fact]
    public void Rebuilt_from_the_stored_contacts_it_plans_on_as_if_nothing_had_happened() => Law.ForAll(AnyArrivals, x =>
    {
        var half = x.Arrivals.Length / 2;
        var contacts = PlanAll(x.WarmUp, x.Arrivals[..half]).Select((at, i) => new Contact($"{i}@s.whatsapp.net", at, at, ContactOrigin.Outbound, "m"));

        Assert.Equal(PlanAll(x.WarmUp, x.Arrivals)[half..], PlanAll(x.WarmUp.Counting(contacts), x.Arrivals[half..]).AsEnumerable());
    });

    [Fact]
    public void Of_arrivals_at_one_moment_the_first_leaves_first() => Law.ForAll(AnyWarmUp, warmUp =>
    {
        var times = PlanAll(warmUp, Enumerable.Repeat(new Arrival(Day1, MayWait: true), 100));

        Assert.Equal(times.Order(), times);
    });

    private static Gen<WarmUp> AnyWarmUp { get; } =
        from schedule in Gen.NonEmptyListOf(Gen.Choose(1, 12))
        select new WarmUp { Began = WarmUp.DayOf(Day1), Schedule = [.. schedule] };

    private static Gen<(WarmUp WarmUp, Arrival[] Arrivals)> AnyArrivals { get; } =
        from warmUp in AnyWarmUp
        from arrivals in Gen.ArrayOf(
            from minutes in Gen.Choose(0, 4 * 24 * 60)
            from mayWait in Gen.Frequency((9, Gen.Constant(true)), (1, Gen.Constant(false)))
            select new Arrival(Day1.AddMinutes(minutes), mayWait))
        select (warmUp, arrivals);

    private static ImmutableArray<DateTimeOffset> PlanAll(WarmUp warmUp, IEnumerable<Arrival> arrivals)
    {
        var times = ImmutableArray.CreateBuilder<DateTimeOffset>();
        foreach (var arrival in arrivals)
        {
            (warmUp, var at) = warmUp.Plan(arrival.From, arrival.MayWait);
            times.Add(at);
        }

        return times.ToImmutable();
    }

    private static (WarmUp WarmUp, DateTimeOffset At) PlanLast(WarmUp warmUp, int strangers)
    {
        var at = Day1;
        for (var i = 0; i < strangers; i++)
        {
            (warmUp, at) = warmUp.Plan(Day1, mayWait: true);
        }

        return (warmUp, at);
    }

    private sealed record Arrival(DateTimeOffset From, bool MayWait);
}
