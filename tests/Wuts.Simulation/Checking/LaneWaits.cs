using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Testing.Checking;

namespace Wuts.Simulation.Checking;

/// <summary>
/// When lanes of devices surely had something that could leave: accepted, as a client knew, due, first of its chat, never held, and not claimed yet.
/// Until something more urgent waits behind it: then its chat competes in that one's lane.
/// </summary>
internal static class LaneWaits
{
    private const double Floor = 0.05; // of the design

    // The most urgent first.
    private static readonly ImmutableArray<(string Name, ImmutableArray<Category> Categories)> Lanes =
    [
        ("authentication", [Category.Authentication]),
        ("utility and service", [Category.Utility, Category.Service]),
        ("marketing", [Category.Marketing]),
    ];

    /// <param name="moves">When a device may have begun its rounds anew: no stretch goes over one.</param>
    public static IEnumerable<LaneBacklog> Of(IReadOnlyList<StoredMessage> rows, IReadOnlyList<ClientRequest> requests, IReadOnlyList<Disturbance> moves)
    {
        var told = requests
            .Where(r => r.Answer is ClientAnswer.Accepted)
            .GroupBy(r => r.NamedMessage!)
            .ToDictionary(message => message.Key, message => message.Min(r => r.AnsweredAt!.Value));
        var chats = rows.GroupBy(row => (row.TenantId, row.DeviceId, row.Chat)).SelectMany(chat => Waits(chat, told)).ToArray();
        return
            from device in chats.GroupBy(wait => (wait.Row.TenantId, wait.Row.DeviceId))
            from lane in Lanes
            from stretch in Stretches(device.Where(wait => lane.Categories.Contains(wait.Row.Category)), moves)
            select new LaneBacklog(device.Key.TenantId, device.Key.DeviceId, lane.Name, lane.Categories, Floor, stretch.From, stretch.Until);
    }

    private static IEnumerable<Wait> Waits(IEnumerable<StoredMessage> chat, Dictionary<string, DateTimeOffset> told)
    {
        var free = DateTimeOffset.MinValue;
        var inOrder = chat.OrderBy(row => row.Position).ToArray();
        foreach (var row in inOrder)
        {
            if (told.TryGetValue(row.Id, out var known) && row.Timeline.All(e => e.Kind != TimelineKind.Held) && row.Timeline.FirstOrDefault(e => e.Kind == TimelineKind.Claimed) is { At: var claimed })
            {
                var from = new[] { known, row.DueAt, free }.Max();
                var until = inOrder
                    .Where(other => other.Position > row.Position && RankOf(other) < RankOf(row))
                    .Select(other => other.AcceptedAt).Append(claimed).Min();
                if (from < until)
                {
                    yield return new(row, from, until);
                }
            }

            free = Later(free, row.Timeline.FirstOrDefault(IsEnd)?.At ?? DateTimeOffset.MaxValue);
        }
    }

    private static int RankOf(StoredMessage row) => Lanes.TakeWhile(lane => !lane.Categories.Contains(row.Category)).Count();

    // What the network tells has the network's time: nobody knows when the device heard of it.
    private static bool IsEnd(TimelineEntry entry) => entry.Source != TimelineSource.Network
        && entry.Kind is TimelineKind.Sent or TimelineKind.Failed or TimelineKind.Canceled or TimelineKind.Rejected or TimelineKind.Expired or TimelineKind.Overdue;

    // What touches or overlaps is one stretch.
    private static IEnumerable<(DateTimeOffset From, DateTimeOffset Until)> Stretches(IEnumerable<Wait> waits, IReadOnlyList<Disturbance> moves)
    {
        (DateTimeOffset From, DateTimeOffset Until)? open = null;
        foreach (var wait in waits.OrderBy(w => w.From))
        {
            if (open is { } stretch && (wait.From > stretch.Until || moves.Any(m => m.At >= stretch.From && m.At <= wait.From)))
            {
                yield return Cut(stretch, moves);
                open = null;
            }

            open = open is { } known ? (known.From, Later(known.Until, wait.Until)) : (wait.From, wait.Until);
        }

        if (open is { } last)
        {
            yield return Cut(last, moves);
        }
    }

    private static (DateTimeOffset From, DateTimeOffset Until) Cut((DateTimeOffset From, DateTimeOffset Until) stretch, IReadOnlyList<Disturbance> moves) =>
        (stretch.From, moves.Where(m => m.At > stretch.From && m.At < stretch.Until).Select(m => m.At).DefaultIfEmpty(stretch.Until).Min());

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private sealed record Wait(StoredMessage Row, DateTimeOffset From, DateTimeOffset Until);
}
