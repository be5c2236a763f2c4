using FsCheck.Fluent;
using Wuts.Domain.Quotas;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Quotas;

public sealed class PermitLeaseTests
{
    [Fact]
    public void A_lease_is_spent_one_permit_at_a_time_and_never_more_than_it_holds() => Law.ForAll(Gen.Choose(0, 50), permits =>
    {
        var spent = 0;
        for (var lease = new PermitLease(permits, T0.AddSeconds(1)).Spend(T0); lease is not null; lease = lease.Spend(T0))
        {
            spent++;
            Assert.Equal(permits - spent, lease.Permits);
        }

        Assert.Equal(permits, spent);
    });

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void What_is_left_when_a_lease_ends_is_worth_nothing(int ticksAfterEnd, bool valid) =>
        Assert.Equal(valid, new PermitLease(10, T0).Spend(T0.AddTicks(ticksAfterEnd)) is not null);

    [Fact]
    public void No_lease_has_no_permit() => Assert.Null(PermitLease.None.Spend(T0));
}
