using Wuts.Domain.Sending;

namespace Wuts.Testing.Checking;

/// <summary>
/// What recipients wanted, and what tenants needed, at any moment. Where times cannot tell what came first, it is everything that it
/// may have been.
/// </summary>
internal sealed class Consents(Facts facts)
{
    private readonly ILookup<(string, string), ConsentChange> _changes = facts.History.ConsentChanges.ToLookup(c => (c.TenantId, c.Chat));
    private readonly ILookup<(string, Category), ConsentRule> _rules = facts.History.ConsentRules.ToLookup(r => (r.TenantId, r.Category));

    /// <summary>Why nothing could leave for a chat at a moment, in words; <c>null</c> if anything may have been allowed to.</summary>
    public string? WhyForbidden(string tenantId, string chat, Category category, Commit moment)
    {
        if (!Facts.IsPerson(chat))
        {
            return null;
        }

        var said = Possible(_changes[(tenantId, chat)], moment, moment);
        if (said.All(change => change?.Mark == ConsentMark.OptedOut))
        {
            return $"{chat} had opted out at {facts.Show(said[0]!.At)}{(said[0]!.Place is { } place ? $" (commit {place})" : "")}";
        }

        var allNeedOptIn = Possible(_rules[(tenantId, category)], moment, moment).All(rule => rule is { NeedsOptIn: true });
        return allNeedOptIn && said.All(change => change?.Mark != ConsentMark.OptedIn) ? $"{chat} had not opted in, which {category} of {tenantId} needs" : null;
    }

    /// <summary>Whether there may have been a reason to refuse a message at some time between two.</summary>
    public bool MayHaveBeenForbidden(string tenantId, string chat, Category category, Commit from, Commit until)
    {
        var said = Possible(_changes[(tenantId, chat)], from, until);
        var someNeedOptIn = Possible(_rules[(tenantId, category)], from, until).Any(rule => rule is { NeedsOptIn: true });
        return Facts.IsPerson(chat)
            && (said.Any(change => change?.Mark == ConsentMark.OptedOut) || (someNeedOptIn && said.Any(change => change?.Mark != ConsentMark.OptedIn)));
    }

    /// <summary>Whether a recipient may have been known to want something at some time between two.</summary>
    public bool MayHaveHeld(string tenantId, string chat, ConsentMark mark, DateTimeOffset from, DateTimeOffset until) =>
        Possible(_changes[(tenantId, chat)], new Moment(from), new Moment(until)).Any(change => (change?.Mark ?? ConsentMark.None) == mark);

    /// <summary>Whether one thing may have been committed before another.</summary>
    public bool MayBeBefore(Commit first, Commit second) => (first.Place, second.Place) is ({ } one, { } other)
        ? one <= other
        : !facts.IsBefore(second.At, first.AskedAt ?? first.At);

    private bool IsBefore(Commit first, Commit second) => (first.Place, second.Place) is ({ } one, { } other)
        ? one < other
        : facts.IsBefore(first.At, second.AskedAt ?? second.At);

    // The last one surely before, or none, and all after it that may have been before the end.
    private List<T?> Possible<T>(IEnumerable<T> inOrder, Commit from, Commit until)
        where T : Commit
    {
        List<T?> possible = [null];
        foreach (var next in inOrder.TakeWhile(commit => MayBeBefore(commit, until)))
        {
            if (IsBefore(next, from))
            {
                possible.Clear();
            }

            possible.Add(next);
        }

        return possible;
    }
}

/// <summary>A time, to compare commits with.</summary>
internal sealed record Moment(DateTimeOffset At) : Commit(At, null);
