using Wuts.Domain.Delivery;

namespace Wuts.Testing.Checking.Rules;

/// <summary>
/// In a chat, what was accepted first is handed over first: by the rows' own numbers, and by the clients, who know that an answer
/// came before the next question. A message's first hand-over counts; what never left is left out.
/// </summary>
internal static class ChatOrder
{
    public static IEnumerable<Violation> Check(Facts facts) => facts.History.Messages
        .GroupBy(row => (row.TenantId, row.DeviceId, row.Chat))
        .SelectMany(chat => SamePlace(chat).Concat(Overtaken(facts, chat)));

    private static IEnumerable<Violation> SamePlace(IEnumerable<StoredMessage> chat) =>
        from place in chat.Where(row => row.State != MessageState.Rejected).GroupBy(row => row.Position) // what a rule refused never leaves
        where place.Count() > 1
        select Broken(place.Last(), $"{string.Join(" and ", place.Select(row => row.Id))} have the same place in their chat, {place.Key}.");

    private static IEnumerable<Violation> Overtaken(Facts facts, IEnumerable<StoredMessage> chat)
    {
        var left = chat.Select(row => Departure.Of(facts, row)).OfType<Departure>().OrderBy(d => d.Row.Position).ToArray();
        foreach (var late in left)
        {
            // The latest that went before it, if there are several.
            var hasty = left.LastOrDefault(d => d.First.Place < late.First.Place && late.Row.Id != d.Row.Id && MustFollow(facts, late, d));
            if (hasty is not null)
            {
                yield return Broken(
                    hasty.Row,
                    $"{hasty.Row.Id} (position {hasty.Row.Position}) was handed over at {facts.Show(hasty.First.HandOver.At)}, before {late.Row.Id} "
                    + $"(position {late.Row.Position}, at {facts.Show(late.First.HandOver.At)}), which was accepted earlier.");
            }
        }
    }

    private static bool MustFollow(Facts facts, Departure earlier, Departure later) =>
        ((earlier.Row.Position < later.Row.Position && WasAcceptedBefore(earlier, later)) || ClientsKnow(earlier, later))
        && !GaveItsPlaceUp(facts, earlier.Row, later.First.HandOver.At);

    // A place is taken before the row is stored. An acceptance of unknown outcome, which may be stored much later, does not hold its chat.
    // What counts is that a client knew of it when the other one was claimed.
    private static bool WasAcceptedBefore(Departure message, Departure other) =>
        message.Answered < (other.Row.Timeline.LastOrDefault(e => e.Kind == TimelineKind.Claimed && e.At <= other.First.HandOver.At)?.At ?? other.First.HandOver.At);

    // At the very same instant, which a virtual clock knows, nobody can tell which came first, unless the place was taken before it.
    private static bool ClientsKnow(Departure earlier, Departure later) =>
        earlier.Answered < later.Asked || (earlier.Answered == later.Asked && earlier.Row.AcceptedAt < later.Asked);

    // A message of unknown outcome holds its chat, until it is given up. After that an attempt of old may still arrive.
    private static bool GaveItsPlaceUp(Facts facts, StoredMessage row, DateTimeOffset by) => row.WasUncertain
        && (row.Timeline.IsEmpty || row.Timeline.Any(e => IsEnd(e.Kind) && !facts.IsBefore(by, e.At)));

    private static bool IsEnd(TimelineKind kind) =>
        kind is TimelineKind.Overdue or TimelineKind.Failed or TimelineKind.Canceled or TimelineKind.Rejected or TimelineKind.Expired;

    private static Violation Broken(StoredMessage row, string explanation) => new(Invariant.ChatOrder, row.Id, explanation);

    /// <param name="Asked">When a client first asked for it, or might have.</param>
    /// <param name="Answered">When a client first knew that it was accepted.</param>
    private sealed record Departure(StoredMessage Row, Facts.Taken First, DateTimeOffset? Asked, DateTimeOffset? Answered)
    {
        public static Departure? Of(Facts facts, StoredMessage row)
        {
            if (facts.HandOversOf(row.Id).FirstOrDefault() is not { } first)
            {
                return null;
            }

            var requests = facts.RequestsOf(row.Id).ToArray();
            var accepted = requests.Where(r => r.Answer is ClientAnswer.Accepted answer && answer.MessageId == row.Id);
            return new(row, first, requests.Min(r => (DateTimeOffset?)r.AskedAt), accepted.Min(r => r.AnsweredAt));
        }
    }
}
