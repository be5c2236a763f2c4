using FsCheck;
using FsCheck.Fluent;
using Wuts.Domain.Quotas;

namespace Wuts.Domain.Tests.Quotas;

public sealed class SlidingWindowTests
{
    private static readonly DateTimeOffset T0 = Samples.T0;

    private static readonly Gen<RateWindow> AnyWindow =
        from quota in Gen.Choose(1, 7)
        from seconds in Gen.Choose(1, 4)
        select new RateWindow(quota, seconds);

    // Often nothing between two, often just the length of the window or a moment less.
    private static readonly Gen<int[]> AnyGaps = Gen.ArrayOf(Gen.Frequency(
        (4, Gen.Choose(0, 3)), (3, Gen.Choose(50, 700)), (2, Gen.Elements(999, 1000, 1001, 1999, 2000, 3000, 4000)), (1, Gen.Choose(0, 9000))));

    [Fact]
    public void No_interval_holds_more_than_the_quota_and_no_one_is_refused_that_it_has_room_for() => Law.ForAll(
        from window in AnyWindow
        from gaps in AnyGaps
        select (window, gaps),
        run =>
        {
            var log = new SlidingWindow(run.window);
            var admitted = new List<DateTimeOffset>();
            var now = T0;
            foreach (var gap in run.gaps)
            {
                now += TimeSpan.FromMilliseconds(gap);
                var within = admitted.Count(at => at > now - run.window.Length);
                Assert.Equal(run.window.Quota - within, log.Remaining(now));
                if (within < run.window.Quota)
                {
                    log.Add(now);
                    admitted.Add(now);
                }
            }

            // So wherever an interval begins: one with too many would begin at one of them.
            for (var i = 0; i + run.window.Quota < admitted.Count; i++)
            {
                Assert.True(admitted[i + run.window.Quota] - admitted[i] >= run.window.Length);
            }
        });

    [Fact]
    public void Under_pressure_each_window_holds_exactly_the_quota() => Law.ForAll(
        from window in AnyWindow
        from start in Gen.Choose(0, 999)
        select (window, start),
        run =>
        {
            var log = new SlidingWindow(run.window);
            var admitted = new List<int>();
            var end = run.window.Seconds * 3000;
            for (var ms = run.start; ms < run.start + end; ms++)
            {
                if (log.Remaining(T0.AddMilliseconds(ms)) > 0)
                {
                    log.Add(T0.AddMilliseconds(ms));
                    admitted.Add(ms);
                }
            }

            for (var from = run.start; from <= run.start + end - (run.window.Seconds * 1000); from += 50)
            {
                Assert.Equal(run.window.Quota, admitted.Count(ms => ms >= from && ms < from + (run.window.Seconds * 1000)));
            }
        },
        runs: 20);

    [Fact]
    public void Whoever_waits_as_long_as_it_says_is_admitted_and_a_moment_earlier_is_not() => Law.ForAll(
        from window in AnyWindow
        from gaps in AnyGaps
        select (window, gaps),
        run =>
        {
            var log = new SlidingWindow(run.window);
            var now = T0;
            foreach (var gap in run.gaps)
            {
                now += TimeSpan.FromMilliseconds(gap);
                if (log.Remaining(now) == 0)
                {
                    var free = log.NextFreeAt(now)!.Value;
                    Assert.Equal(0, log.Remaining(free - TimeSpan.FromTicks(1)));
                    Assert.True(log.Remaining(free) > 0);
                    now = free;
                }

                log.Add(now);
            }
        });

    [Fact]
    public void What_is_taken_back_was_never_there()
    {
        var log = new SlidingWindow(new(2, 1));
        log.Add(T0);
        log.Add(T0);
        log.Remove(T0);

        Assert.Equal(1, log.Remaining(T0));
        log.Remove(T0);
        Assert.Equal(2, log.Remaining(T0));
        Assert.Null(log.NextFreeAt(T0));
    }

    [Fact]
    public void One_that_holds_more_than_its_quota_waits_until_it_is_below()
    {
        var log = SlidingWindow.From(new(2, 10), Enumerable.Range(0, 5).Select(n => T0.AddSeconds(n)));

        Assert.Equal(0, log.Remaining(T0.AddSeconds(5)));
        Assert.Equal(T0.AddSeconds(13), log.NextFreeAt(T0.AddSeconds(5)));
        Assert.Equal(1, log.Remaining(T0.AddSeconds(13)));
    }
}
