using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Wuts.Domain.Delivery;
using Wuts.Domain.Webhooks;
using Wuts.Storage.Sql;

namespace Wuts.Storage.Counting;

/// <summary>
/// The table <c>message_counts</c>: what happened to the messages of a device in each minute. A flush stores what it adds as one
/// row of <c>message_count_deltas</c>, in its own transaction; that row is folded into the table soon after, once.
/// </summary>
internal static class MessageCounts
{
    private static readonly ImmutableArray<(FailureClass Class, string Column)> FailedBy =
        [.. Enum.GetValues<FailureClass>().Select(value => (value, "failed_" + StoredName<FailureClass>.Of(value)))];

    /// <summary>
    /// What is counted, each in the minute in which it happened; a message counts once for each stage. <c>wait_ms_sum</c> adds up the
    /// time from being due to being sent; <c>delivered_1m</c> counts those delivered within a minute of being due.
    /// </summary>
    public static ImmutableArray<string> Columns { get; } =
    [
        "accepted", "dispatched", "retried", "sent", "delivered", "read", "played", "failed", "rejected", "canceled", "expired",
        "uncertain", "overdue", .. FailedBy.Select(failed => failed.Column), "wait_ms_sum", "delivered_1m",
    ];

    /// <summary>
    /// What a transition adds: objects of a JSON array, separated by commas; <c>null</c> for nothing. Each has
    /// <c>minute</c> (of Unix time), <c>tenant</c>, <c>device</c> and the columns that are not zero.
    /// </summary>
    public static string? DeltaOf(Transition transition)
    {
        var message = transition.Message;
        var counts = new List<(long Minute, string Column, long Amount)>(4);
        foreach (var entry in transition.Timeline)
        {
            if (ColumnOf(entry.Kind) is { } column)
            {
                counts.Add((MinuteOf(entry.At), column, 1));
            }
        }

        // A stage has an event only when it is reached first, while its line may be written again with a better time.
        foreach (var @event in transition.Events)
        {
            Add(counts, message, @event);
        }

        return counts.Count == 0 ? null : Render(message, counts);
    }

    private static void Add(List<(long Minute, string Column, long Amount)> counts, Message message, WebhookEvent @event)
    {
        if (ColumnOf(@event.Type) is not { } column)
        {
            return;
        }

        var minute = MinuteOf(@event.At);
        var wait = @event.At - message.Envelope.DueAt;
        counts.Add((minute, column, 1));
        switch (@event.Type)
        {
            case WebhookEvents.MessageSent when wait > TimeSpan.Zero:
                counts.Add((minute, "wait_ms_sum", (long)wait.TotalMilliseconds));
                break;
            case WebhookEvents.MessageDelivered when wait <= TimeSpan.FromMinutes(1):
                counts.Add((minute, "delivered_1m", 1));
                break;
            case WebhookEvents.MessageFailed when (message.Delivery.Failure ?? message.LastFailure) is { } failure:
                counts.Add((minute, FailedBy.First(failed => failed.Class == failure.Class).Column, 1));
                break;
            default:
                break;
        }
    }

    private static string Render(Message message, List<(long Minute, string Column, long Amount)> counts)
    {
        var json = new StringBuilder(128);
        foreach (var minute in counts.GroupBy(count => count.Minute))
        {
            json.Append(json.Length == 0 ? "" : ",")
                .Append(CultureInfo.InvariantCulture, $"{{\"minute\":{minute.Key}")
                .Append(",\"tenant\":\"").Append(JavaScriptEncoder.Default.Encode(message.Envelope.TenantId))
                .Append("\",\"device\":\"").Append(JavaScriptEncoder.Default.Encode(message.Envelope.DeviceId)).Append('"');
            foreach (var column in minute.GroupBy(count => count.Column, count => count.Amount))
            {
                json.Append(CultureInfo.InvariantCulture, $",\"{column.Key}\":{column.Sum()}");
            }

            json.Append('}');
        }

        return json.ToString();
    }

    private static long MinuteOf(DateTimeOffset at) => (long)Math.Floor((at - DateTimeOffset.UnixEpoch).TotalMinutes);

    private static string? ColumnOf(TimelineKind kind) => kind switch
    {
        TimelineKind.Accepted => "accepted",
        TimelineKind.Claimed => "dispatched",
        TimelineKind.RetryScheduled => "retried",
        TimelineKind.Canceled => "canceled",
        TimelineKind.Rejected => "rejected",
        TimelineKind.Expired => "expired",
        TimelineKind.Overdue => "overdue",
        _ => null,
    };

    private static string? ColumnOf(string eventType) => eventType switch
    {
        WebhookEvents.MessageSent => "sent",
        WebhookEvents.MessageDelivered => "delivered",
        WebhookEvents.MessageRead => "read",
        WebhookEvents.MessagePlayed => "played",
        WebhookEvents.MessageFailed => "failed",
        WebhookEvents.MessageUncertain => "uncertain",
        _ => null,
    };
}
