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
    [InlineData(5189)] // a message that was claimed was to be put off
    [InlineData(12)] // of two messages to one stranger the first was rejected: the other left, and had no place
    [InlineData(75)]
    [InlineData(81)]
    [InlineData(161)]
    [InlineData(173)]
    [InlineData(123)] // of two calls for one message the one without a plan was stored
    [InlineData(198)] // a day's last place was promised twice, and a move believed both
    [InlineData(209)] // the same
    [InlineData(113)] // a permit that came back to a pool that had long been full
    [InlineData(138)] // the same
    [InlineData(181)] // the same
    [InlineData(25)] // a permit that was put by for a round that was over
    [InlineData(153)] // permits for the end of a round beside those of the next
    [InlineData(162)] // a slow flush of what a tenant's grain had admitted before it moved
    [InlineData(93)] // of two calls for one message one was stored, and the other gave its charge back
    [InlineData(5016)] // acceptances whose order was not that of their admissions
    [InlineData(5092)] // a pace that had been drained an epoch before the last
    [InlineData(5169)] // a one-time password that could not leave on its day
    [InlineData(5326)] // a call for a message that was rejected while another call was storing it
    [InlineData(700621)] // a one-time password that was refused, and one that was not
    [InlineData(5349)] // a call that was repeated after more than half a minute cost its tenant twice
    [InlineData(2000160)] // a replaced device tried without end what its successor had put off
    [InlineData(2000372)] // a message that was not taken left its place to the next in its chat
    [InlineData(2001053)] // a claim that was stored after midnight, for a place of the day before
    [InlineData(2001942)] // the same
    [InlineData(3001628)] // of two calls with one key the refused one gave back what had been counted for both
    [InlineData(3000257)] // the same
    [InlineData(2022284414)] // a message that was stored behind one that was rejected left on another day than it counted on
    [InlineData(31000289)] // of two calls for one message the one that was answered late took the place away of what was leaving
    [InlineData(20000421)] // a message that was admitted, lost with its silo, and refused when it came again
    [InlineData(20000481)] // a campaign's message with a more urgent one behind it
    [InlineData(72001270)] // a one-time password that turned up when the places of its day were others'
    [InlineData(72000364)] // an owner who was not told that a device was disconnected, and so never brought it back
    public void A_seed_that_has_failed_once_does_not_fail_again(int seed) => Seeds.MustPass(seed);
}
