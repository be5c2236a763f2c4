namespace Wuts.Simulation.Tests;

// Seeds that once failed. What they found is mended; a change of the world gives them another course, so each is worth no more
// than any other seed then, but no less either.
public sealed class KeptSeedsTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(26)]
    [InlineData(48)]
    [InlineData(52)]
    [InlineData(122)]
    [InlineData(130)]
    public void A_seed_that_has_failed_once_does_not_fail_again(int seed) => Seeds.MustPass(seed);
}
