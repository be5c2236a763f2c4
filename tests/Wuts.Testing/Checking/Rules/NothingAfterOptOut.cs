using Wuts.Domain.Sending;

namespace Wuts.Testing.Checking.Rules;

/// <summary>
/// What was said and acknowledged holds. Nothing is claimed once an opt-out is committed, nor without an opt-in where one is needed; what leaves was claimed before. Whoever
/// may be written to is not refused for consent, and what is refused does not leave.
/// </summary>
internal static class NothingAfterOptOut
{
    public static IEnumerable<Violation> Check(Facts facts)
    {
        var consents = new Consents(facts);
        return [.. Unheeded(facts, consents), .. Claimed(facts, consents), .. Unclaimed(facts, consents), .. LeftAllTheSame(facts, consents), .. Overblocked(facts, consents)];
    }

    private static IEnumerable<Violation> Unheeded(Facts facts, Consents consents) =>
        from chat in facts.History.ConsentWords.GroupBy(w => (w.TenantId, w.Chat))
        from word in chat
        where word.AcknowledgedAt is { } at
            && !chat.Any(other => other.Mark != word.Mark && other.SaidAt >= word.SaidAt && !facts.IsBefore(at, other.SaidAt))
            && !consents.MayHaveHeld(word.TenantId, word.Chat, word.Mark, word.SaidAt, at)
        select new Violation(
            Invariant.NothingAfterOptOut, null,
            $"{word.Chat} said {word.Mark} to {word.TenantId} at {facts.Show(word.SaidAt)}, which was acknowledged at {facts.Show(word.AcknowledgedAt ?? default)} and did not hold by then.");

    // Each attempt by itself: a retry asks again.
    private static IEnumerable<Violation> Claimed(Facts facts, Consents consents) =>
        from claim in facts.Claims
        where !IsExempt(facts, claim.MessageId)
        let why = consents.WhyForbidden(claim.TenantId, claim.Chat, claim.Category, claim)
        where why is not null
        select Broken(claim.MessageId, $"{claim.MessageId} was claimed at {facts.Show(claim.At)}{Place(claim)}, attempt {claim.Attempt}, when {why}.");

    // What was claimed before may still be on its way. Of a message with no word on its claims nothing is said.
    private static IEnumerable<Violation> Unclaimed(Facts facts, Consents consents)
    {
        foreach (var taken in facts.History.HandOvers)
        {
            var began = new Moment(taken.Began);
            var claims = facts.ClaimsOf(taken.MessageId).ToArray();
            if ((facts.History.Claims is not null || claims.Length > 0)
                && !IsExempt(facts, taken.MessageId)
                && !claims.Any(claim => consents.MayBeBefore(claim, began))
                && consents.WhyForbidden(taken.TenantId, taken.Chat, CategoryOf(facts, taken.MessageId), began) is { } why)
            {
                yield return Broken(taken.MessageId, $"{taken.MessageId} was handed over at {facts.Show(taken.At)} without ever having been claimed, when {why}.");
            }
        }
    }

    // An attempt of unknown outcome that was given up may still arrive.
    private static IEnumerable<Violation> LeftAllTheSame(Facts facts, Consents consents) =>
        from refusal in facts.History.ConsentRefusals
        let mayArrive = facts.Row(refusal.MessageId) is { WasUncertain: true } && facts.ClaimsOf(refusal.MessageId).Any(claim => consents.MayBeBefore(claim, refusal))
        let first = facts.HandOversOf(refusal.MessageId).FirstOrDefault()
        where first is not null && !mayArrive
        select Broken(
            refusal.MessageId, $"{refusal.MessageId} was refused for consent at {facts.Show(refusal.At)}, and handed over at {facts.Show(first.HandOver.At)}.");

    private static IEnumerable<Violation> Overblocked(Facts facts, Consents consents) =>
        from refusal in facts.History.ConsentRefusals
        let asked = facts.RequestsOf(refusal.MessageId).Min(r => (DateTimeOffset?)r.AskedAt) ?? facts.Row(refusal.MessageId)?.AcceptedAt ?? refusal.At
        where !consents.MayHaveBeenForbidden(refusal.TenantId, refusal.Chat, refusal.Category, new Moment(asked), refusal)
        select Broken(
            refusal.MessageId,
            $"{refusal.MessageId} was refused for consent at {facts.Show(refusal.At)}{Place(refusal)}; from {facts.Show(asked)} on {refusal.Chat} could be written to all the time.");

    private static bool IsExempt(Facts facts, string id) => facts.Row(id) is { ConsentExempt: true };

    private static Category CategoryOf(Facts facts, string id) => facts.Row(id)?.Category ?? default;

    private static string Place(Commit commit) => commit.Place is { } place ? $" (commit {place})" : "";

    private static Violation Broken(string id, string explanation) => new(Invariant.NothingAfterOptOut, id, explanation);
}
