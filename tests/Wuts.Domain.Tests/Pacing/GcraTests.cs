using FsCheck;
using FsCheck.Fluent;
using Wuts.Domain.Pacing;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Pacing;

public sealed class GcraTests
{
    [Fact]
    public void No_window_has_more_sends_than_the_rate_and_the_burst_allow() => Law.ForAll(AnyTraffic, x =>
    {
        var sends = Send(Gcra.Drained(T0, x.Tolerance), x.Interval, x.Tolerance, x.Waits);

        for (var first = 0; first < sends.Count; first++)
        {
            for (var last = first; last < sends.Count; last++)
            {
                var bound = (sends[last] - sends[first] + x.Tolerance) / x.Interval + 1;
                Assert.True(last - first + 1 <= bound + 1e-6, $"{last - first + 1} sends within {sends[last] - sends[first]}");
            }
        }
    });

    [Fact]
    public void It_is_never_silent_for_longer_than_an_interval_when_there_is_something_to_send() => Law.ForAll(AnyTraffic, x =>
    {
        var sends = Send(Gcra.Drained(T0, x.Tolerance), x.Interval, x.Tolerance, [.. x.Waits.Select(_ => TimeSpan.Zero)]);

        Assert.All(sends.Zip(sends.Skip(1)), pair => Assert.True(pair.Second - pair.First <= x.Interval));
    });

    [Fact]
    public void A_limiter_that_begins_elsewhere_has_saved_nothing_up()
    {
        var tolerance = TimeSpan.FromSeconds(1);
        var interval = TimeSpan.FromMilliseconds(100);

        var sends = Send(Gcra.Drained(T0, tolerance), interval, tolerance, [.. Enumerable.Repeat(TimeSpan.Zero, 20)]);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => T0 + i * interval), sends);
    }

    // Each message comes so long after the one before it has left, and leaves as soon as it may.
    private static List<DateTimeOffset> Send(Gcra limiter, TimeSpan interval, TimeSpan tolerance, TimeSpan[] waits)
    {
        var (now, sends) = (T0, new List<DateTimeOffset>());
        foreach (var wait in waits)
        {
            var ready = now + wait;
            now = limiter.OpensAt(tolerance) > ready ? limiter.OpensAt(tolerance) : ready;
            limiter = limiter.Spend(now, interval);
            sends.Add(now);
        }

        return sends;
    }

    private static Gen<(TimeSpan Interval, TimeSpan Tolerance, TimeSpan[] Waits)> AnyTraffic { get; } =
        from interval in Gen.Choose(1, 5000)
        from tolerance in Gen.Choose(0, 5000)
        from waits in Gen.ArrayOf(Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(0, 20_000))))
        select (TimeSpan.FromMilliseconds(interval), TimeSpan.FromMilliseconds(tolerance), waits.Select(ms => TimeSpan.FromMilliseconds(ms)).ToArray());
}
