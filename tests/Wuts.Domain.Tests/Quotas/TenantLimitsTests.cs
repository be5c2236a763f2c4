using FsCheck;
using FsCheck.Fluent;
using Wuts.Domain.Quotas;

namespace Wuts.Domain.Tests.Quotas;

public sealed class TenantLimitsTests
{
    [Theory]
    [InlineData("10", null, 10, 1)]
    [InlineData("10", 30, 30, 3)]
    [InlineData("0.5", 30, 30, 60)]
    [InlineData("0.5", null, 1, 2)]
    [InlineData("2.5", null, 5, 2)]
    [InlineData("0.001", null, 1, 1000)]
    [InlineData("10000", null, 10000, 1)]
    [InlineData("3", 10, 10, 4)] // of a tier that has changed: longer, never shorter
    public void The_window_is_whole_seconds(string rate, int? burst, int quota, int seconds) =>
        Assert.Equal(new RateWindow(quota, seconds), new TenantLimits { MessagesPerSecond = Decimal(rate), Burst = burst }.Rate);

    [Fact]
    public void Any_rate_has_a_window_that_is_exact_and_any_burst_that_passes_has_one_too() => Law.ForAll(
        from thousandths in Gen.Choose(1, 10_000_000)
        from burst in Gen.Choose(1, 100_000)
        select (Rate: thousandths / 1000m, Burst: burst),
        limits =>
        {
            var smallest = RateWindow.Of(limits.Rate, null);
            Assert.Equal(smallest.Quota, limits.Rate * smallest.Seconds);

            var passes = LimitRules.Check(new() { MessagesPerSecond = limits.Rate, Burst = limits.Burst }).IsEmpty;
            var window = RateWindow.Of(limits.Rate, limits.Burst);
            Assert.Equal(passes, window.Quota == limits.Rate * window.Seconds && window.Seconds <= LimitRules.LongestWindowSeconds);
        });

    [Fact]
    public void A_burst_that_makes_no_whole_seconds_is_refused_with_those_that_would()
    {
        Assert.Equal(
            new LimitError("Burst", "must be a multiple of 10 with 10 messages a second, so that its window is whole seconds: 10 (in 1 s) or 20 (in 2 s) would do"),
            Assert.Single(LimitRules.Check(new() { MessagesPerSecond = 10, Burst = 15 })));
        Assert.Contains("5 (in 2 s) would do", Assert.Single(LimitRules.Check(new() { MessagesPerSecond = 2.5m, Burst = 2 })).Message, StringComparison.Ordinal);
        Assert.Contains("needs a rate", Assert.Single(LimitRules.Check(new() { Burst = 2 })).Message, StringComparison.Ordinal);
        Assert.Contains("at most 86", Assert.Single(LimitRules.Check(new() { MessagesPerSecond = 0.001m, Burst = 87 })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.0005")]
    [InlineData("0.0015")]
    [InlineData("10000.001")]
    [InlineData("-1")]
    public void A_rate_out_of_range_is_refused(string rate) =>
        Assert.Equal("MessagesPerSecond", Assert.Single(LimitRules.Check(new() { MessagesPerSecond = Decimal(rate) })).Field);

    [Fact]
    public void Each_number_out_of_range_is_named_with_its_range()
    {
        TenantLimits low = new() { MessagesPerSecond = 1, Burst = 0, MessagesPerDay = 0, QueueDepth = 0, Devices = 0, NewRecipientsPerDay = 0, Weight = 0 };
        TenantLimits high = new()
        {
            MessagesPerSecond = 1, Burst = 100_001, MessagesPerDay = 1_000_000_001, QueueDepth = 10_000_001, Devices = 100_001,
            NewRecipientsPerDay = 1_000_001, Weight = 1001,
        };

        string[] fields = ["Burst", "MessagesPerDay", "QueueDepth", "Devices", "NewRecipientsPerDay", "Weight"];
        Assert.Equal(fields, LimitRules.Check(low).Select(error => error.Field));
        Assert.Equal(fields, LimitRules.Check(high).Select(error => error.Field));
        Assert.Contains(LimitRules.Check(high), error => error == new LimitError("Weight", "must be between 1 and 1000"));
    }

    [Fact]
    public void What_a_tenant_has_of_its_own_wins_over_its_tier()
    {
        var tier = new TenantLimits { MessagesPerSecond = 10, MessagesPerDay = 100, Weight = 5 };

        Assert.Equal(tier, TenantLimits.None.Over(tier));
        Assert.Equal(new() { MessagesPerSecond = 2, MessagesPerDay = 100, Weight = 5, Devices = 3 }, new TenantLimits { MessagesPerSecond = 2, Devices = 3 }.Over(tier));
    }

    [Fact]
    public void Only_what_a_send_uses_makes_sends_count()
    {
        Assert.False(new TenantLimits { Devices = 1, Weight = 2 }.CountsSends);
        Assert.All(
            (TenantLimits[])[new() { MessagesPerSecond = 1 }, new() { MessagesPerDay = 1 }, new() { QueueDepth = 1 }, new() { NewRecipientsPerDay = 1 }],
            limits => Assert.True(limits.CountsSends));
    }

    private static decimal Decimal(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
