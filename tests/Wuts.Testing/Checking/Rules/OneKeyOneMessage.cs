namespace Wuts.Testing.Checking.Rules;

/// <summary>The same request is one message however often it comes, another request is another message, and nobody else makes any.</summary>
internal static class OneKeyOneMessage
{
    public static IEnumerable<Violation> Check(Facts facts) =>
        [.. Keys(facts), .. SharedMessages(facts), .. SharedIds(facts), .. MoreThanAsked(facts)];

    private static IEnumerable<Violation> Keys(Facts facts)
    {
        foreach (var key in Accepted(facts).Where(r => r.IdempotencyKey is not null).GroupBy(r => (r.TenantId, r.IdempotencyKey)))
        {
            var payloads = key.Select(r => r.Payload).Distinct().ToArray();
            var ids = key.Select(r => r.NamedMessage!).Distinct().ToArray();
            if (payloads.Length > 1)
            {
                yield return Broken(ids[^1], $"{Name(key.First())} was accepted for different requests: {string.Join(" | ", payloads)}.");
            }
            else if (ids.Length > 1)
            {
                yield return Broken(ids[^1], $"{Name(key.First())} was answered with {ids.Length} messages: {string.Join(", ", ids)}.");
            }
        }
    }

    // Two requests that were told the same message: one of them is lost.
    private static IEnumerable<Violation> SharedMessages(Facts facts)
    {
        foreach (var message in Accepted(facts).GroupBy(r => r.NamedMessage!))
        {
            var keys = message.Where(r => r.IdempotencyKey is not null).Select(r => (r.TenantId, r.IdempotencyKey)).Distinct().Count();
            var keyless = message.Count(r => r.IdempotencyKey is null);
            if (keys + keyless > 1)
            {
                yield return Broken(message.Key, $"{message.Key} was the answer to {keys + keyless} requests that are not repetitions of each other.");
            }
        }
    }

    private static IEnumerable<Violation> SharedIds(Facts facts) =>
        from rows in facts.History.Messages.GroupBy(row => row.Id)
        where rows.Count() > 1
        select Broken(rows.Key, $"{rows.Key} is the id of {rows.Count()} rows.");

    // Also where no client ever had an answer: a chat has no more messages than were asked for.
    private static IEnumerable<Violation> MoreThanAsked(Facts facts)
    {
        var asked = facts.History.Requests.ToLookup(r => (r.TenantId, r.Chat));
        foreach (var chat in facts.History.Messages.Where(row => !row.ConsentExempt).GroupBy(row => (row.TenantId, row.Chat)))
        {
            var most = asked[chat.Key].Where(r => r.IdempotencyKey is not null).Select(r => r.IdempotencyKey).Distinct().Count()
                + asked[chat.Key].Count(r => r.IdempotencyKey is null);
            var rows = chat.DistinctBy(row => row.Id).OrderBy(row => row.AcceptedAt).ToArray();
            if (rows.Length > most)
            {
                var stranger = Array.FindLast(rows, row => facts.RequestsOf(row.Id).All(r => r.Answer is not ClientAnswer.Accepted)) ?? rows[^1];
                yield return Broken(
                    stranger.Id, $"{chat.Key.TenantId} has {rows.Length} messages to {chat.Key.Chat}, and its clients asked for {most}: {string.Join(", ", rows.Select(row => row.Id))}.");
            }
        }
    }

    private static IEnumerable<ClientRequest> Accepted(Facts facts) => facts.History.Requests.Where(r => r.Answer is ClientAnswer.Accepted);

    private static string Name(ClientRequest request) => $"Key {request.IdempotencyKey} of {request.TenantId}";

    private static Violation Broken(string id, string explanation) => new(Invariant.OneKeyOneMessage, id, explanation);
}
