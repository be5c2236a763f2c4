using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Webhooks;
using Wuts.Testing.Checking;

namespace Wuts.Grains.Tests.Checking;

/// <summary>
/// A run as it should be, told message by message: from what happened to a message all logs follow. Times are seconds, of a
/// message's own life since it was asked for.
/// </summary>
internal sealed class Story
{
    public const string Chat = "5511999990001@s.whatsapp.net";
    public const string OtherChat = "5511999990002@s.whatsapp.net";

    private static readonly DateTimeOffset Start = new(2030, 1, 1, 10, 0, 0, TimeSpan.Zero);

    public static readonly ImmutableArray<TimelineEntry> Plain = [Claimed(0.2), Sent(0.5), Delivered(2)];

    /// <summary>The answer was lost; the network has it.</summary>
    public static readonly ImmutableArray<TimelineEntry> Doubted = [Claimed(0.2), Uncertain(1), Sent(3), Delivered(4)];

    /// <summary>The answer was lost, the network did not have it, and it went again.</summary>
    public static readonly ImmutableArray<TimelineEntry> Resent = [Claimed(0.2), Uncertain(1), NotSent(3), Claimed(4, 2), Sent(5, 2), Delivered(6, 2)];

    private History _history = new()
    {
        Requests = [],
        HandOvers = [],
        Receipts = [],
        Messages = [],
        Events = [],
        WebhookTries = [],
        WatchedEndpoints = [new("w1", "acme", "d1")],
    };

    public static DateTimeOffset At(double seconds) => Start.AddMilliseconds(Math.Round(seconds * 1000));

    /// <param name="left">When it was handed over.</param>
    public Story Message(string id, double asked = 0, ImmutableArray<TimelineEntry> life = default, string chat = Chat, string? key = null, double[]? left = null)
    {
        life = life.IsDefault ? Plain : life;
        ImmutableArray<TimelineEntry> timeline =
            [new(At(asked + 0.1), TimelineKind.Accepted, TimelineSource.Api, 0), .. life.Select(e => e with { At = e.At.AddSeconds(asked) })];
        ImmutableArray<MessageState> states = [.. timeline.Where(e => e.Kind != TimelineKind.Overdue).Select(e => StateAfter(e.Kind))];
        var row = new StoredMessage(
            "acme", "d1", id, chat, _history.Messages.Length + 1, At(asked + 0.1), At(asked + 0.1), states[^1],
            timeline.Any(e => e.Kind == TimelineKind.Uncertain), timeline.Any(e => e.Kind == TimelineKind.Overdue), timeline, states);
        var told = life == Plain ? MessageState.Sent : MessageState.Queued;
        StoredEvent[] events = [.. timeline.SelectMany(TypeOf).Select((type, i) => new StoredEvent(
            "w1", _history.Events.Length + i + 1, type, id, $"{id}-{i}", Expected: true, IsDead: false))];
        _history = _history with
        {
            Requests = _history.Requests.Add(new(
                "acme", "d1", chat, key, $"hello {id}", At(asked), At(asked + 0.6), new ClientAnswer.Accepted(id, told))),
            Messages = _history.Messages.Add(row),
            HandOvers = [.. _history.HandOvers.Concat((left ?? [0.4]).Select(after => TakenAt(id, asked + after, chat))).OrderBy(h => h.At)],
            Receipts = [.. _history.Receipts, .. timeline.Where(e => e.Kind == TimelineKind.Delivered).Select(e => new AcknowledgedReceipt(e.At, id, DeliveryStage.Delivered))],
            Events = [.. _history.Events, .. events],
            WebhookTries = [.. _history.WebhookTries, .. events.Select(e => new WebhookTry(At(asked + 10), "w1", e.WebhookId, e.Type, id, $"{{{e.Type} {id}}}", Took: true))],
            FencedWrites = [.. _history.FencedWrites, new(At(asked + 0.1), id, 7, 7, Stored: true)],
        };
        return this;
    }

    public static implicit operator History(Story story) => story._history;

    /// <summary>The history with something in it changed.</summary>
    public History But(Func<History, History> change) => change(_history);

    /// <summary>The same for all that is derived from this story.</summary>
    public Story With(Func<History, History> change)
    {
        _history = change(_history);
        return this;
    }

    public static HandOver TakenAt(string id, double at, string chat = Chat) =>
        new(At(at), "acme", "d1", chat, id) { From = At(at - 0.1), Until = At(at + 0.1) };

    public static TimelineEntry Claimed(double at, int attempt = 1) => new(At(at), TimelineKind.Claimed, TimelineSource.Device, attempt);

    public static TimelineEntry Sent(double at, int attempt = 1) => new(At(at), TimelineKind.Sent, TimelineSource.Device, attempt);

    public static TimelineEntry Retry(double at, int attempt = 1) => new(At(at), TimelineKind.RetryScheduled, TimelineSource.Device, attempt);

    public static TimelineEntry Uncertain(double at, int attempt = 1) => new(At(at), TimelineKind.Uncertain, TimelineSource.Device, attempt);

    public static TimelineEntry NotSent(double at, int attempt = 1) => new(At(at), TimelineKind.NotSent, TimelineSource.Network, attempt);

    public static TimelineEntry Overdue(double at, int attempt = 1) => new(At(at), TimelineKind.Overdue, TimelineSource.Device, attempt);

    public static TimelineEntry Delivered(double at, int attempt = 1) => new(At(at), TimelineKind.Delivered, TimelineSource.Network, attempt);

    public static TimelineEntry Failed(double at, TimelineSource by = TimelineSource.Device) => new(At(at), TimelineKind.Failed, by, 1);

    private static IEnumerable<string> TypeOf(TimelineEntry entry) => entry.Kind switch
    {
        TimelineKind.Sent => [WebhookEvents.MessageSent],
        TimelineKind.Delivered => [WebhookEvents.MessageDelivered],
        TimelineKind.Failed => [WebhookEvents.MessageFailed],
        TimelineKind.Uncertain => [WebhookEvents.MessageUncertain],
        _ => [],
    };

    private static MessageState StateAfter(TimelineKind kind) => kind switch
    {
        TimelineKind.Accepted or TimelineKind.RetryScheduled or TimelineKind.NotSent => MessageState.Queued,
        TimelineKind.Claimed => MessageState.Dispatching,
        TimelineKind.Uncertain => MessageState.Uncertain,
        TimelineKind.Sent => MessageState.Sent,
        TimelineKind.Failed => MessageState.Failed,
        TimelineKind.Delivered => MessageState.Delivered,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
