namespace Wuts.Testing.Checking.Rules;

/// <summary>Every transition makes its event, once; every event reaches its receiver; and each try of an event is the same event.</summary>
internal static class WebhooksArrive
{
    public static IEnumerable<Violation> SoFar(Facts facts) =>
        [.. SharedIds(facts), .. Tries(facts), .. TransitionEvents.Check(facts)];

    public static IEnumerable<Violation> AtTheEnd(Facts facts)
    {
        var taken = facts.History.WebhookTries.Where(t => t.Took).Select(t => (t.EndpointId, t.WebhookId)).ToHashSet();
        return
            from stored in facts.History.Events
            where stored is { Expected: true, IsDead: false } && !taken.Contains((stored.EndpointId, stored.WebhookId))
            select Broken(stored.MessageId, $"{Name(stored)} never arrived, and is no dead letter.");
    }

    public static Violation Broken(string? messageId, string explanation) => new(Invariant.WebhooksArrive, messageId, explanation);

    private static IEnumerable<Violation> SharedIds(Facts facts) =>
        from events in facts.History.Events.GroupBy(e => (e.EndpointId, e.WebhookId))
        where events.Count() > 1
        select Broken(events.Last().MessageId, $"{string.Join(" and ", events.Select(Name))} have the same id: a receiver drops all but one.");

    private static IEnumerable<Violation> Tries(Facts facts)
    {
        var stored = facts.History.Events.ToLookup(e => (e.EndpointId, e.WebhookId));
        foreach (var tries in facts.History.WebhookTries.GroupBy(t => (t.EndpointId, t.WebhookId)))
        {
            var first = tries.First();
            var about = $"What {first.EndpointId} was posted at {facts.Show(first.At)} as {first.WebhookId}";
            if (stored[tries.Key].FirstOrDefault() is not { } @event)
            {
                yield return Broken(first.MessageId, $"{about} ({first.Type}) is no event of the outbox.");
            }
            else if (first.Type != @event.Type || (@event.MessageId is { } id && first.MessageId != id))
            {
                yield return Broken(@event.MessageId, $"{about} is {first.Type} of {first.MessageId}; the outbox has {Name(@event)}.");
            }

            if (tries.FirstOrDefault(t => (t.Type, t.MessageId, t.Body) != (first.Type, first.MessageId, first.Body)) is { } other)
            {
                yield return Broken(first.MessageId, $"{about} came once more at {facts.Show(other.At)} as something else: {first.Body} | {other.Body}");
            }
        }
    }

    private static string Name(StoredEvent stored) =>
        $"{stored.EndpointId} #{stored.Sequence} {stored.Type}{(stored.MessageId is { } id ? $" of {id}" : "")} ({stored.WebhookId})";
}
