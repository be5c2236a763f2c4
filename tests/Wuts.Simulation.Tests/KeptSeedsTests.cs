namespace Wuts.Simulation.Tests;

// Seeds that once failed. What they found is mended; a change of the world gives them another course, so each is worth no more
// than any other seed then, but no less either.
public sealed class KeptSeedsTests
{
    [Theory]
    [InlineData(2)] // a message whose acceptance turned up while a later one was typed
    [InlineData(52)] // two calls for one message: the second was answered, and the queue held no place for it
    [InlineData(26)] // the same, while the device was not ready
    [InlineData(178)] // the same, with another place in the queue than in the row
    [InlineData(48)] // a late event of an earlier pairing
    [InlineData(130)] // the same, after the pairing was removed
    [InlineData(122)]
    [InlineData(1350465378)] // a replaced activation took what its successor had in hand for its own doubt
    [InlineData(1846281944)] // the same
    [InlineData(20039)] // a claim that was stored too late for its answer
    [InlineData(20677)] // retries of a webhook that another activation had moved
    [InlineData(1846282349)] // all silos stopping at once, with a hand-over under way
    [InlineData(300570051)] // a webhook's retry that the other of two activations had left
    [InlineData(1366069868)] // a device that had moved was told to drain, on a silo that went on
    public void A_seed_that_has_failed_once_does_not_fail_again(int seed) => Seeds.MustPass(seed);
}
