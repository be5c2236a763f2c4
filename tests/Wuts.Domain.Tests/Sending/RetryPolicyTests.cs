using FsCheck;
using FsCheck.Fluent;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Sending;

public sealed class RetryPolicyTests
{
    private static readonly RetryPolicy Policy = new(MaxAttempts: 5, Base: TimeSpan.FromSeconds(10), Cap: TimeSpan.FromSeconds(60));

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(3, 40)]
    [InlineData(4, 60)]
    public void The_longest_wait_doubles_up_to_the_cap(int attempt, int seconds) =>
        Assert.Equal(T0.AddSeconds(seconds), RetryAt(Policy.Decide(Busy, attempt, T0, jitter: 1, retryAfter: null)));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 10)]
    [InlineData(1, 20)]
    public void The_jitter_takes_any_part_of_the_wait(double jitter, int seconds) =>
        Assert.Equal(T0.AddSeconds(seconds), RetryAt(Policy.Decide(Busy, attempt: 2, T0, jitter, retryAfter: null)));

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    [InlineData(6, true)]
    public void The_last_attempt_fails_for_good(int attempt, bool final) =>
        Assert.Equal(final, Policy.Decide(Busy, attempt, T0, jitter: 1, retryAfter: null) is DispatchOutcome.Failed);

    [Fact]
    public void What_is_not_retryable_fails_at_once() =>
        Assert.Equal(new DispatchOutcome.Failed(Undeliverable), Policy.Decide(Undeliverable, attempt: 1, T0, jitter: 1, TimeSpan.FromSeconds(1)));

    [Theory]
    [InlineData(5, 10)]
    [InlineData(30, 30)]
    [InlineData(3600, 3600)]
    public void The_networks_own_wish_is_a_lower_bound_that_no_cap_cuts(int retryAfter, int seconds) => Assert.Equal(
        T0.AddSeconds(seconds), RetryAt(Policy.Decide(Busy, attempt: 1, T0, jitter: 1, TimeSpan.FromSeconds(retryAfter))));

    [Fact]
    public void A_wait_is_never_negative_never_beyond_the_cap_and_never_short_of_what_was_asked() => Law.ForAll(Any, x =>
    {
        var wait = RetryAt(x.Policy.Decide(Busy, x.Attempt, T0, x.Jitter, x.RetryAfter)) - T0;
        var asked = x.RetryAfter ?? TimeSpan.Zero;
        Assert.InRange(wait, asked, x.Policy.Cap > asked ? x.Policy.Cap : asked);
    });

    [Fact]
    public void A_long_base_and_many_attempts_do_not_overflow()
    {
        var patient = new RetryPolicy(MaxAttempts: 100, Base: TimeSpan.FromHours(1), Cap: TimeSpan.FromDays(1));

        Assert.Equal(T0.AddDays(1), RetryAt(patient.Decide(Busy, attempt: 40, T0, jitter: 1, retryAfter: null)));
    }

    private static Gen<(RetryPolicy Policy, int Attempt, double Jitter, TimeSpan? RetryAfter)> Any { get; } =
        from seconds in Gen.Choose(0, 120)
        from cap in Gen.Choose(1, 3600)
        from attempt in Gen.Choose(1, 99)
        from jitter in Gen.Choose(0, 100)
        from retryAfter in Gen.Choose(-50, 200)
        select (
            new RetryPolicy(100, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(cap)),
            attempt,
            jitter / 100.0,
            retryAfter < 0 ? (TimeSpan?)null : TimeSpan.FromSeconds(retryAfter));

    private static DateTimeOffset RetryAt(DispatchOutcome outcome) => Assert.IsType<DispatchOutcome.Retry>(outcome).NotBefore;
}
