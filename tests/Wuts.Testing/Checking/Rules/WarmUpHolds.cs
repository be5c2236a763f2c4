using System.Globalization;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;

namespace Wuts.Testing.Checking.Rules;

/// <summary>A number writes to no more strangers on a day than that day's schedule allows, but for one-time passwords that found no place left.</summary>
/// <remarks>
/// One-time passwords take places and never wait, nor does what they would have to wait for in their chat. So places are counted in the
/// device's order of acceptance (by its time, which is that of the tenant's admission, it may be another): whatever else has no place among
/// those accepted before it had to wait for another day. The day is that of the claim, for typing may last over midnight. What the network
/// would not take leaves its place to the next in its chat.
/// </remarks>
internal static class WarmUpHolds
{
    public static IEnumerable<Violation> Check(Facts facts)
    {
        foreach (var device in facts.History.WarmUpDays.GroupBy(d => (d.TenantId, d.DeviceId)))
        {
            var strangers = Strangers(facts, device.Key.TenantId, device.Key.DeviceId).ToLookup(s => DateOnly.FromDateTime(s.At.UtcDateTime));
            foreach (var day in device)
            {
                var inOrder = strangers[day.Day].OrderBy(s => s.Position).ThenBy(s => s.AcceptedAt).ToArray();
                if (inOrder.Skip(day.MostStrangers).FirstOrDefault(s => s.Category != Category.Authentication) is { } hasty)
                {
                    yield return new(Invariant.WarmUpHolds, hasty.MessageId, string.Create(CultureInfo.InvariantCulture,
                        $"{day.TenantId}/{day.DeviceId} wrote to {inOrder.Length} strangers on {day.Day:yyyy-MM-dd}, which has {day.MostStrangers} places: "
                        + $"{hasty.MessageId} left at {facts.Show(hasty.At)}, and was accepted as no. {Array.IndexOf(inOrder, hasty) + 1} of them."));
                }
            }
        }
    }

    private static IEnumerable<Stranger> Strangers(Facts facts, string tenantId, string deviceId)
    {
        var known = (facts.History.Inbound ?? [])
            .Where(i => (i.TenantId, i.DeviceId) == (tenantId, deviceId) && i.Chat is not null)
            .GroupBy(i => i.Chat!)
            .ToDictionary(chat => chat.Key, chat => chat.Min(i => i.CameAt ?? i.At));
        var rows = facts.History.Messages.Where(row => (row.TenantId, row.DeviceId) == (tenantId, deviceId)).ToLookup(row => row.Chat);
        return
            from taken in facts.History.HandOvers.OrderBy(h => h.Began)
            where (taken.TenantId, taken.DeviceId) == (tenantId, deviceId) && Facts.IsPerson(taken.Chat)
            group taken by taken.Chat into chat
            let first = chat.First()
            where !known.TryGetValue(chat.Key, out var wroteAt) || wroteAt > first.Began
            let row = facts.Row(first.MessageId)
            let claim = facts.ClaimsOf(first.MessageId).LastOrDefault(c => c.At <= first.Began)
            let at = claim?.At ?? first.Began
            let urgent = rows[chat.Key].Where(password => password.Category == Category.Authentication && !WasRefused(password) && password.AcceptedAt <= at)
            let tried = rows[chat.Key].Where(before => facts.ClaimsOf(before.Id).Any(c => c.At <= at && c.At.UtcDateTime.Date == at.UtcDateTime.Date))
            let counts = urgent.MinBy(password => password.Position) ?? tried.MinBy(before => before.Position) ?? row
            select new Stranger(first.MessageId, at, counts?.AcceptedAt ?? first.Began, counts is null ? 0 : PlaceOf(counts, at), counts?.Category ?? default);
    }

    // A password whose acceptance its device had no answer to has no place until it has turned up and is due; then it is given one, which its
    // timeline shows.
    private static long PlaceOf(StoredMessage row, DateTimeOffset claimed) =>
        row.Category == Category.Authentication && row.Timeline.LastOrDefault(e => e.Kind == TimelineKind.Released && e.At <= claimed) is { } placed
            ? Math.Max(row.Position, (placed.At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond)
            : row.Position;

    // A password that was refused when it came has taken no place.
    private static bool WasRefused(StoredMessage row) => row.State == MessageState.Rejected && row.States is [] or [MessageState.Rejected, ..];

    private sealed record Stranger(string MessageId, DateTimeOffset At, DateTimeOffset AcceptedAt, long Position, Category Category);
}
