using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;

namespace Wuts.Storage.Sql;

/// <summary>The table <c>messages</c>. <see cref="Read"/> reads the columns in the order in which <see cref="All"/> has them.</summary>
internal static class MessageColumns
{
    /// <summary>Name the row.</summary>
    public static ImmutableArray<Column<Message>> Key { get; } =
    [
        Column.Of("tenant_id", (Message m) => m.Envelope.TenantId),
        Column.Of("id", (Message m) => m.Envelope.Id),
    ];

    /// <summary>Written once.</summary>
    public static ImmutableArray<Column<Message>> Envelope { get; } =
    [
        Column.Of("device_id", (Message m) => m.Envelope.DeviceId),
        Column.Of("user_id", (Message m) => m.Envelope.UserId),
        Column.Of("chat_jid", (Message m) => m.Envelope.ChatJid),
        Column.Of("kind", (Message m) => m.Envelope.Content.Kind),
        Column.Of("content", (Message m) => StoredJson.Write(m.Envelope.Content)),
        Column.Of("fingerprint", (Message m) => m.Envelope.Fingerprint),
        Column.Of("accepted_at", (Message m) => m.Envelope.AcceptedAt),
        Column.Of("due_at", (Message m) => m.Envelope.DueAt),
        Column.Of("typing_ms", (Message m) => (int)m.Envelope.Typing.TotalMilliseconds),
        Column.Of("position", (Message m) => m.Envelope.Position),
        Column.Of("trace_parent", (Message m) => m.Envelope.TraceParent),
        Column.Of("category", (Message m) => StoredName<Category>.Of(m.Envelope.Category)),
        Column.Of("consent_exempt", (Message m) => m.Envelope.ConsentExempt),
    ];

    /// <summary>By these a write of a row that is there already is allowed or not, besides the key.</summary>
    public static ImmutableArray<Column<Message>> Asked { get; } =
        [.. Envelope.Where(column => column.Name is "device_id" or "chat_jid" or "category")];

    /// <summary>Written by every transition.</summary>
    public static ImmutableArray<Column<Message>> Progress { get; } =
    [
        Column.Of("version", (Message m) => m.Version),
        Column.Of("device_epoch", (Message m) => m.Epoch),
        Column.Of("attempt", (Message m) => m.Attempt),
        Column.Of("dispatch", (Message m) => (short)m.Dispatch),
        Column.Of("not_before", (Message m) => m.NotBefore),
        Column.Of("provider_id", (Message m) => m.ProviderId),
        Column.Of("sent_at", (Message m) => m.Delivery.SentAt),
        Column.Of("failed_at", (Message m) => m.Delivery.FailedAt),
        Column.Of("delivery_failure", (Message m) => WriteFailure(m.Delivery.Failure)),
        Column.Of("delivered_at", (Message m) => m.Delivery.DeliveredAt),
        Column.Of("read_at", (Message m) => m.Delivery.ReadAt),
        Column.Of("played_at", (Message m) => m.Delivery.PlayedAt),
        Column.Of("last_failure", (Message m) => WriteFailure(m.LastFailure)),
        Column.Of("uncertain_at", (Message m) => m.UncertainAt),
        Column.Of("overdue_at", (Message m) => m.OverdueAt),
        Column.Of("hold", (Message m) => StoredName<HoldReason>.OfNullable(m.Hold)),
        Column.Of("state", (Message m) => (short)m.State),
        Column.Of("open", (Message m) => m.IsOpen),
        Column.Of("attention", (Message m) => m.NeedsAttention),
    ];

    public static ImmutableArray<Column<Message>> All { get; } = [.. Key, .. Envelope, .. Progress];

    /// <summary>The select list, of a table that may have an alias.</summary>
    public static string Select(string? alias = null) =>
        string.Join(", ", All.Select(column => alias is null ? column.Name : $"{alias}.{column.Name}"));

    /// <summary>Reads a message whose columns begin at <paramref name="at"/>. The last three are derived, and not read.</summary>
    public static Message Read(SqlRow row, int at = 0) => new()
    {
        Envelope = new MessageEnvelope
        {
            TenantId = row.Text(at),
            Id = row.Text(at + 1),
            DeviceId = row.Text(at + 2),
            UserId = row.Text(at + 3),
            ChatJid = row.Text(at + 4),
            Content = StoredJson.Read<MessageContent>(row.Text(at + 6)),
            Fingerprint = row.Text(at + 7),
            AcceptedAt = row.Time(at + 8),
            DueAt = row.Time(at + 9),
            Typing = TimeSpan.FromMilliseconds(row.Int(at + 10)),
            Position = row.Long(at + 11),
            TraceParent = row.TextOrNull(at + 12),
            Category = StoredName<Category>.Parse(row.Text(at + 13)),
            ConsentExempt = row.Flag(at + 14),
        },
        Version = row.Int(at + 15),
        Epoch = row.Long(at + 16),
        Attempt = row.Int(at + 17),
        Dispatch = (MessageState)row.Int(at + 18),
        NotBefore = row.TimeOrNull(at + 19),
        ProviderId = row.TextOrNull(at + 20),
        Delivery = new MessageDelivery
        {
            SentAt = row.TimeOrNull(at + 21),
            FailedAt = row.TimeOrNull(at + 22),
            Failure = ReadFailure(row.TextOrNull(at + 23)),
            DeliveredAt = row.TimeOrNull(at + 24),
            ReadAt = row.TimeOrNull(at + 25),
            PlayedAt = row.TimeOrNull(at + 26),
        },
        LastFailure = ReadFailure(row.TextOrNull(at + 27)),
        UncertainAt = row.TimeOrNull(at + 28),
        OverdueAt = row.TimeOrNull(at + 29),
        Hold = StoredName<HoldReason>.ParseNullable(row.TextOrNull(at + 30)),
    };

    private static string? WriteFailure(Failure? failure) => failure is null ? null : StoredJson.Write(failure);

    private static Failure? ReadFailure(string? json) => json is null ? null : StoredJson.Read<Failure>(json);
}
