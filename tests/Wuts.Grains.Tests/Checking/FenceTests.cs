using Wuts.Testing.Checking;

namespace Wuts.Grains.Tests.Checking;

public sealed class FenceTests
{
    [Fact]
    public void A_stale_write_that_was_refused_is_as_it_should_be() => With(epoch: 6, current: 7, stored: false).IsHealthy();

    [Fact]
    public void Nor_is_a_current_one_that_was_refused_anybody_s_business() => With(epoch: 7, current: 7, stored: false).IsHealthy();

    [Theory]
    [InlineData(6, 7)]
    [InlineData(8, 7)]
    public void A_write_of_another_epoch_must_not_be_stored(long epoch, long current) => With(epoch, current, stored: true).BreaksOnly(Invariant.Fence, "a");

    private static History With(long epoch, long current, bool stored) => new Story().Message("a")
        .But(h => h with { FencedWrites = h.FencedWrites.Add(new(Story.At(5), "a", epoch, current, stored)) });
}
