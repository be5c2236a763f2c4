using FsCheck;
using FsCheck.Fluent;
using Wuts.Domain.Webhooks;

namespace Wuts.Domain.Tests.Webhooks;

public sealed class DeliveryScheduleTests
{
    [Fact]
    public void Without_a_number_of_retries_it_is_the_schedule_of_standard_webhooks() => Assert.Equal(
        ["00:00:05", "00:05:00", "00:30:00", "02:00:00", "05:00:00", "10:00:00", "14:00:00", "20:00:00", "1.00:00:00", null],
        Enumerable.Range(1, 10).Select(failed => DeliverySchedule.Next(failed, retries: null, jitter: 0)?.ToString()));

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(20)]
    public void An_endpoints_own_number_of_retries_is_kept_exactly(int retries) => Assert.Equal(
        retries, Enumerable.Range(1, 50).TakeWhile(failed => DeliverySchedule.Next(failed, retries, jitter: 0) is not null).Count());

    [Fact]
    public void Beyond_the_schedule_the_last_wait_repeats() =>
        Assert.Equal(TimeSpan.FromDays(1), DeliverySchedule.Next(15, retries: 20, jitter: 0));

    [Theory]
    [InlineData(1, 5)]
    [InlineData(5, 5)]
    [InlineData(60, 60)]
    [InlineData(7 * 86400, 86400)]
    public void What_the_receiver_asks_for_is_honoured_when_it_is_longer_up_to_a_day(int retryAfter, int seconds) => Assert.Equal(
        TimeSpan.FromSeconds(seconds), DeliverySchedule.Next(1, retries: null, jitter: 0, TimeSpan.FromSeconds(retryAfter)));

    [Fact]
    public void Jitter_adds_up_to_a_tenth() => Law.ForAll(Any, x =>
    {
        var plain = DeliverySchedule.Next(x.Failed, x.Retries, jitter: 0);
        var jittered = DeliverySchedule.Next(x.Failed, x.Retries, x.Jitter);
        Assert.Equal(plain is null, jittered is null);
        Assert.True(plain is null || (jittered >= plain && jittered <= plain * 1.1));
    });

    [Fact]
    public void A_receiver_can_ask_for_more_time_but_never_gets_less_by_asking() => Law.ForAll(Any, x => Assert.True(
        !(DeliverySchedule.Next(x.Failed, x.Retries, x.Jitter, x.RetryAfter) < DeliverySchedule.Next(x.Failed, x.Retries, x.Jitter))));

    [Fact]
    public void Attempts_are_counted_from_1() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DeliverySchedule.Next(0, retries: null, jitter: 0));

    private static Gen<(int Failed, int? Retries, double Jitter, TimeSpan RetryAfter)> Any { get; } =
        from failed in Gen.Choose(1, 25)
        from retries in Gen.Choose(-1, 20)
        from jitter in Gen.Choose(0, 10)
        from hours in Gen.Choose(0, 72)
        select (failed, retries < 0 ? (int?)null : retries, jitter / 10.0, TimeSpan.FromHours(hours));
}
