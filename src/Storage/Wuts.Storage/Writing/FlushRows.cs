using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Pacing;
using Wuts.Domain.Webhooks;
using Wuts.Storage.Sql;

namespace Wuts.Storage.Writing;

/// <summary>A line of a message's timeline; <paramref name="Number"/> tells those of one transition apart.</summary>
internal sealed record TimelineRow(Message Message, int Number, TimelineEntry Entry)
{
    public static ImmutableArray<Column<TimelineRow>> Columns { get; } =
    [
        Column.Of("tenant_id", (TimelineRow r) => r.Message.Envelope.TenantId),
        Column.Of("message_id", (TimelineRow r) => r.Message.Envelope.Id),
        Column.Of("version", (TimelineRow r) => r.Message.Version),
        Column.Of("n", (TimelineRow r) => r.Number),
        Column.Of("at", (TimelineRow r) => r.Entry.At),
        Column.Of("kind", (TimelineRow r) => StoredName<TimelineKind>.Of(r.Entry.Kind)),
        Column.Of("source", (TimelineRow r) => StoredName<TimelineSource>.Of(r.Entry.Source)),
        Column.Of("attempt", (TimelineRow r) => r.Entry.Attempt),
        Column.Of("detail", (TimelineRow r) => r.Entry.Detail),
    ];

    public static IEnumerable<TimelineRow> Of(Transition transition) =>
        transition.Timeline.Select((entry, number) => new TimelineRow(transition.Message, number, entry));
}

/// <summary>
/// Something that came in for a device; <paramref name="Event"/> is what its endpoint is told, if anything, and
/// <paramref name="Heard"/> what it says of consent.
/// </summary>
internal sealed record InboxRow(
    string TenantId, string DeviceId, string Kind, string Id, DateTimeOffset ReceivedAt, string Payload, DeviceNotice? Event, HeardConsent? Heard = null)
{
    /// <summary>Who wrote, if a person did.</summary>
    public Contact? Contact { get; init; }

    public static ImmutableArray<Column<InboxRow>> Columns { get; } =
    [
        Column.Of("tenant_id", (InboxRow r) => r.TenantId),
        Column.Of("device_id", (InboxRow r) => r.DeviceId),
        Column.Of("kind", (InboxRow r) => r.Kind),
        Column.Of("id", (InboxRow r) => r.Id),
        Column.Of("received_at", (InboxRow r) => r.ReceivedAt),
        Column.Of("payload", (InboxRow r) => r.Payload),
    ];

    public string Key => $"i{TenantId}/{DeviceId}/{Kind}/{Id}";
}

/// <summary>What a row of the inbox says of consent: it counts if that row is new, and if it is news.</summary>
internal sealed record HeardRow(InboxRow Inbox, HeardConsent Heard)
{
    public static ImmutableArray<Column<HeardRow>> Columns { get; } =
    [
        Column.Of("key", (HeardRow r) => r.Key),
        Column.Of("inbox_key", (HeardRow r) => r.Inbox.Key),
        .. ConsentColumns.All.Select(column => column.For((HeardRow r) => r.Heard.Consent)),
        Column.Of("updated_at", (HeardRow r) => r.Inbox.ReceivedAt),
    ];

    /// <summary>Stored when the consent has changed.</summary>
    public string Key => "c" + Inbox.Key;

    public static IEnumerable<HeardRow> Of(InboxRow row) => row.Heard is { } heard ? [new(row, heard)] : [];
}

/// <summary>An event for a device's endpoint, should it have one that wants it, and should the write named <paramref name="Key"/> hold.</summary>
internal sealed record NoteRow(string Key, string TenantId, string DeviceId, string Type, DateTimeOffset At, string? MessageId, string? Data, string? TraceParent = null)
{
    public static ImmutableArray<Column<NoteRow>> Columns { get; } =
    [
        Column.Of("key", (NoteRow r) => r.Key),
        Column.Of("tenant_id", (NoteRow r) => r.TenantId),
        Column.Of("device_id", (NoteRow r) => r.DeviceId),
        Column.Of("type", (NoteRow r) => r.Type),
        Column.Of("at", (NoteRow r) => r.At),
        Column.Of("message_id", (NoteRow r) => r.MessageId),
        Column.Of("data", (NoteRow r) => r.Data),
        Column.Of("trace_parent", (NoteRow r) => r.TraceParent),
    ];

    public static IEnumerable<NoteRow> Of(StorageWrite.OfMessage write)
    {
        var envelope = write.Message.Envelope;
        return write.Transition.Events.Select(@event =>
            new NoteRow(write.Key, envelope.TenantId, envelope.DeviceId, @event.Type, @event.At, envelope.Id, null, write.Transition.TraceParent));
    }

    public static IEnumerable<NoteRow> Of(StorageWrite.OfSession write) => write.Notices.Select(notice =>
        new NoteRow(write.Key, write.Device.TenantId, write.Device.DeviceId, notice.Type, notice.At, null, notice.DataJson));

    public static IEnumerable<NoteRow> Of(StorageWrite.OfHealth write) => write.Notices.Select(notice =>
        new NoteRow(write.Key, write.Device.TenantId, write.Device.DeviceId, notice.Type, notice.At, null, notice.DataJson));

    public static IEnumerable<NoteRow> Of(InboxRow row) => row.Event is { } notice
        ? [new NoteRow(row.Key, row.TenantId, row.DeviceId, notice.Type, notice.At, null, notice.DataJson)]
        : [];

    public static NoteRow Of(HeardRow row) =>
        new(row.Key, row.Inbox.TenantId, row.Inbox.DeviceId, row.Heard.Event.Type, row.Heard.Event.At, null, row.Heard.Event.DataJson);
}

/// <summary>A failed delivery, or the success of one that had failed; <paramref name="IsLast"/> of those in this flush that are about one event.</summary>
internal sealed record AttemptRow(string EndpointId, WebhookAttemptRecord Record, bool IsLast)
{
    public static ImmutableArray<Column<AttemptRow>> Columns { get; } =
    [
        Column.Of("endpoint_id", (AttemptRow r) => r.EndpointId),
        Column.Of("sequence", (AttemptRow r) => r.Record.Sequence),
        Column.Of("number", (AttemptRow r) => r.Record.Number),
        Column.Of("at", (AttemptRow r) => r.Record.At),
        Column.Of("status", (AttemptRow r) => r.Record.Attempt.StatusCode),
        Column.Of("error", (AttemptRow r) => r.Record.Attempt.Error),
        Column.Of("duration_ms", (AttemptRow r) => (int)r.Record.Attempt.Duration.TotalMilliseconds),
        Column.Of("next_attempt_at", (AttemptRow r) => r.Record.NextAttemptAt),
        Column.Of("delivered", (AttemptRow r) => r.IsDelivered),
        Column.Of("last", (AttemptRow r) => r.IsLast),
    ];

    public bool IsDelivered => Record.Attempt.Verdict == WebhookVerdict.Delivered;

    public static IEnumerable<AttemptRow> Of(WebhookProgress progress) =>
        from record in progress.Attempts
        group record by record.Sequence into attempts
        let last = attempts.Max(record => record.Number)
        from record in attempts
        select new AttemptRow(progress.EndpointId, record, record.Number == last);
}
