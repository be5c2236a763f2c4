using System.Collections.Immutable;
using Wuts.Testing.Checking.Rules;

namespace Wuts.Testing.Checking;

/// <summary>Judges a run by its <see cref="History"/>: one rule a promise. Pure, and in the same order each time.</summary>
/// <remarks>
/// A rule says nothing about what its history does not tell: without a timeline, the end of a hand-over, a watched endpoint, a commit's
/// place or a limit it demands less, and never guesses.
/// </remarks>
public static class Checker
{
    /// <summary>Everything, once the world has calmed down and there is nothing left to do.</summary>
    public static ImmutableArray<Violation> Check(History history)
    {
        var facts = new Facts(history);
        return [.. Safety(facts), .. NoneLost.AtTheEnd(facts), .. WebhooksArrive.AtTheEnd(facts), .. InboundOnce.AtTheEnd(facts)];
    }

    /// <summary>What must hold at every moment, also while messages are under way. The logs must be of one and the same moment.</summary>
    public static ImmutableArray<Violation> CheckSoFar(History history) => [.. Safety(new Facts(history))];

    private static IEnumerable<Violation> Safety(Facts facts) =>
    [
        .. NoneLost.SoFar(facts),
        .. NoneDoubled.Check(facts),
        .. ChatOrder.Check(facts),
        .. EvidenceOnlyGrows.Check(facts),
        .. NotBeforeDue.Check(facts),
        .. OneAtATime.Check(facts),
        .. Fence.Check(facts),
        .. WebhooksArrive.SoFar(facts),
        .. OneKeyOneMessage.Check(facts),
        .. NothingAfterOptOut.Check(facts),
        .. PaceHolds.Check(facts),
        .. WarmUpHolds.Check(facts),
        .. QuotasHold.Check(facts),
        .. FairShare.Check(facts),
        .. LanesMove.Check(facts),
    ];
}
