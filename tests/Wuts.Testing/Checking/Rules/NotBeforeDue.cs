namespace Wuts.Testing.Checking.Rules;

/// <summary>Nothing leaves before its time: the row's, and the one that its client can count.</summary>
internal static class NotBeforeDue
{
    public static IEnumerable<Violation> Check(Facts facts) =>
        from taken in facts.History.HandOvers
        let due = Due(facts, taken.MessageId)
        where due is not null && facts.IsBefore(taken.At, due.Value)
        select new Violation(
            Invariant.NotBeforeDue, taken.MessageId, $"{taken.MessageId} was handed over at {facts.Show(taken.At)} and is due at {facts.Show(due.Value)}.");

    // The delay counts from acceptance, and nothing is accepted before it is asked for.
    private static DateTimeOffset? Due(Facts facts, string id)
    {
        var requests = facts.RequestsOf(id).ToArray();
        var accepted = requests.Where(r => r.Answer is ClientAnswer.Accepted answer && answer.MessageId == id).ToArray();
        var asked = accepted.Length == 0 ? null : requests.Min(r => (DateTimeOffset?)r.AskedAt) + accepted.Min(r => r.Delay);
        var stored = facts.Row(id)?.DueAt;
        return stored is null || asked > stored ? asked : stored;
    }
}
