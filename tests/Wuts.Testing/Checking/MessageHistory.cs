using System.Text;
using Wuts.Domain.Delivery;

namespace Wuts.Testing.Checking;

/// <summary>The whole story of one message for a person, put together from all logs, in the order of time.</summary>
public static class MessageHistory
{
    public static string Describe(History history, string messageId)
    {
        var facts = new Facts(history);
        var row = facts.Row(messageId);
        var lines = Timed(facts, messageId).OrderBy(line => line.At).ToList();
        if (lines.Count > 0)
        {
            var (from, to) = (lines[0].At, lines[^1].At);
            lines.AddRange(history.ConsentChanges
                .Where(c => c.At <= to && (c.TenantId, c.Chat) == (row?.TenantId, row?.Chat))
                .Select(c => new Line(c.At, "consent", $"{c.Chat}: {c.Mark}{Place(c)}")));
            lines.AddRange(history.Disturbances
                .Where(d => d.At <= to && (d.Until ?? d.At) >= from)
                .Select(d => new Line(d.At, "world", d.Until is { } until ? $"{d.What}, until {facts.Show(until)}" : d.What)));
            lines = [.. lines.OrderBy(line => line.At)];
        }

        var cells = lines.ConvertAll(line => (At: facts.Show(line.At), line.Who, line.What));
        cells.AddRange(history.Events
            .Where(e => e.MessageId == messageId && e.At is null)
            .Select(e => ("", "outbox", Tell(e))));

        var story = new StringBuilder(row is null ? $"{messageId} has no row\n" : Head(row));
        var (timeWidth, whoWidth) = (cells.Max(c => (int?)c.At.Length) ?? 0, cells.Max(c => (int?)c.Who.Length) ?? 0);
        foreach (var (at, who, what) in cells)
        {
            story.Append("  ").Append(at.PadLeft(timeWidth)).Append("  ").Append(who.PadRight(whoWidth)).Append("  ").Append(what).Append('\n');
        }

        return story.ToString();
    }

    private static string Head(StoredMessage row)
    {
        var flags = $"{(row.WasUncertain ? ", was uncertain" : "")}{(row.IsOverdue ? ", overdue" : "")}";
        var states = row.States.IsEmpty ? "" : $"  stored as {string.Join(", ", row.States)}\n";
        return $"{row.Id} of {row.TenantId}/{row.DeviceId} to {row.Chat}, position {row.Position}: {row.State}{flags}\n{states}";
    }

    // Stable sorting keeps this order at the same instant: it is the order in which a message goes through our parts.
    private static IEnumerable<Line> Timed(Facts facts, string id) =>
    [
        .. facts.RequestsOf(id).Select(r => new Line(r.AskedAt, "client", Ask(r))),
        .. facts.Row(id) is { } row ? new Line[] { new(row.AcceptedAt, "row", $"accepted, due at {facts.Show(row.DueAt)}") } : [],
        .. (facts.Row(id)?.Timeline ?? []).Select(e => new Line(e.At, "timeline", Tell(e))),
        .. facts.History.FencedWrites.Where(w => w.MessageId == id).Select(w => new Line(w.At, "store", Tell(w))),
        .. (facts.History.Claims ?? []).Where(c => c.MessageId == id).Select(c => new Line(c.At, "store", $"claimed as {c.Category}, attempt {c.Attempt}{Place(c)}")),
        .. facts.History.ConsentRefusals.Where(r => r.MessageId == id).Select(r => new Line(r.At, "store", $"refused for consent{Place(r)}")),
        .. facts.HandOversOf(id).SelectMany(t => Tell(t)),
        .. facts.History.Receipts.Where(r => r.MessageId == id).Select(r => new Line(r.At, "receipt", $"{r.Stage}, acknowledged")),
        .. facts.History.Events.Where(e => e.MessageId == id && e.At is not null).Select(e => new Line(e.At!.Value, "outbox", Tell(e))),
        .. facts.History.WebhookTries.Where(t => t.MessageId == id).Select(t => new Line(t.At, "webhook", Tell(t))),
        .. facts.RequestsOf(id).Where(r => r.AnsweredAt is not null).Select(r => new Line(r.AnsweredAt!.Value, "client", Answer(r))),
    ];

    private static string Ask(ClientRequest request)
    {
        var key = request.IdempotencyKey is { } name ? $", key {name}" : "";
        var delay = request.Delay > TimeSpan.Zero ? $", delay {request.Delay.TotalSeconds:0.###} s" : "";
        var fate = request.AnsweredAt is null ? "; it never had an answer" : "";
        return $"asks {request.TenantId}/{request.DeviceId} to send {request.Payload} to {request.Chat}{key}{delay}{fate}";
    }

    private static string Answer(ClientRequest request) => request.Answer switch
    {
        ClientAnswer.Accepted accepted => $"is told that {accepted.MessageId} is accepted, and {accepted.State}",
        ClientAnswer.Refused { MessageId: { } named } refused => $"is refused: {refused.Code}, naming {named}",
        ClientAnswer.Refused refused => $"is refused: {refused.Code}",
        _ => "has no answer",
    };

    private static string Tell(TimelineEntry entry) =>
        $"{entry.Kind} by {entry.Source}, attempt {entry.Attempt}{(entry.Detail is { } detail ? $": {detail}" : "")}";

    private static string Tell(FencedWrite write) =>
        $"{(write.Stored ? "stored" : "refused")} under epoch {write.Epoch}, current is {write.CurrentEpoch}";

    private static string Place(Commit commit) => commit.Place is { } place ? $" (commit {place})" : "";

    private static IEnumerable<Line> Tell(Facts.Taken taken)
    {
        var (place, handOver) = taken;
        if (handOver.From is { } from)
        {
            yield return new(from, "network", $"{handOver.TenantId}/{handOver.DeviceId} begins to hand it over");
        }

        yield return new(handOver.At, "network", $"takes it from {handOver.TenantId}/{handOver.DeviceId} for {handOver.Chat}, as its no. {place + 1}");
        if (handOver.Until is { } until)
        {
            yield return new(until, "network", "has answered");
        }
    }

    private static string Tell(StoredEvent @event) =>
        $"{@event.EndpointId} #{@event.Sequence} {@event.Type} ({@event.WebhookId}){(@event.IsDead ? ", a dead letter" : "")}{(@event.Expected ? "" : ", endpoint disabled")}";

    private static string Tell(WebhookTry attempt) =>
        $"{attempt.EndpointId} {(attempt.Took ? "takes" : "does not take")} {attempt.Type} ({attempt.WebhookId})";

    private sealed record Line(DateTimeOffset At, string Who, string What);
}
