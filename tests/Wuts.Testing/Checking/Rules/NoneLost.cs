using Wuts.Domain.Delivery;

namespace Wuts.Testing.Checking.Rules;

/// <summary>A 2xx answer means a stored row. What is said to have left has left. Every row comes to an end or is flagged.</summary>
internal static class NoneLost
{
    public static IEnumerable<Violation> SoFar(Facts facts) =>
        [.. Promises(facts), .. facts.History.Messages.SelectMany(row => NeverLeft(facts, row))];

    public static IEnumerable<Violation> AtTheEnd(Facts facts) =>
        from row in facts.History.Messages
        where row.State is MessageState.Queued or MessageState.Dispatching
            || (row.State is MessageState.Uncertain or MessageState.Sent && !row.IsOverdue)
        select Broken(row.Id, $"{row.Id} is still {row.State} at the end, and nobody is told: it is not flagged overdue.");

    private static IEnumerable<Violation> Promises(Facts facts)
    {
        var told = facts.History.Requests.Where(r => r.Answer is ClientAnswer.Accepted).OrderBy(r => r.AnsweredAt);
        foreach (var request in told.DistinctBy(r => (r.NamedMessage, r.TenantId, r.Chat)))
        {
            var id = request.NamedMessage!;
            var answered = request.AnsweredAt is { } at ? facts.Show(at) : "some time";
            if (facts.Row(id) is not { } row)
            {
                yield return Broken(id, $"{id} was answered as accepted at {answered} and has no row.");
            }
            else if (row.TenantId != request.TenantId || row.Chat != request.Chat)
            {
                yield return Broken(id, $"{id} was answered at {answered} to {request.TenantId} for {request.Chat}; its row is {row.TenantId}'s for {row.Chat}.");
            }
            else if (facts.RequestsOf(id).All(r => r.DeviceId != row.DeviceId)) // a repetition may come by another device than the first
            {
                yield return Broken(id, $"{id} was answered at {answered} for device {request.DeviceId}; its row is of device {row.DeviceId}.");
            }
        }

        foreach (var request in told.Where(SaysThatItLeft).DistinctBy(r => r.NamedMessage))
        {
            var id = request.NamedMessage!;
            var first = facts.HandOversOf(id).FirstOrDefault()?.HandOver.At;
            if (request.AnsweredAt is { } at && (first is null || facts.IsBefore(at, first.Value)))
            {
                yield return Broken(
                    id, $"{id} was said to have left at {facts.Show(at)}; the network took it {(first is { } later ? $"at {facts.Show(later)}" : "never")}.");
            }
        }
    }

    private static bool SaysThatItLeft(ClientRequest request) =>
        request.Answer is ClientAnswer.Accepted { State: var state } && Facts.ProvesHandOver(state);

    private static IEnumerable<Violation> NeverLeft(Facts facts, StoredMessage row)
    {
        var proven = Facts.ProvesHandOver(row.State) || row.States.Any(Facts.ProvesHandOver) || row.Timeline.Any(e => Facts.ProvesHandOver(e.Kind));
        if (proven && !facts.HandOversOf(row.Id).Any())
        {
            yield return Broken(row.Id, $"{row.Id} is {row.State} and its history says that it left; the network never took it.");
        }
    }

    private static Violation Broken(string id, string explanation) => new(Invariant.NoneLost, id, explanation);
}
