using System.Collections.Immutable;
using System.Text.Json;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;

namespace Wuts.Benchmarks.Storing;

/// <summary>The tables that a lifecycle is written to, with the columns that the product writes.</summary>
internal static class RawTables
{
    private static readonly ImmutableArray<RawColumn> Progress =
    [
        Of("version", m => m.Version),
        Of("device_epoch", m => m.Epoch),
        Of("attempt", m => m.Attempt),
        Of("dispatch", m => (short)m.Dispatch),
        Of("not_before", m => m.NotBefore),
        Of("provider_id", m => m.ProviderId),
        Of("sent_at", m => m.Delivery.SentAt),
        Of("failed_at", m => m.Delivery.FailedAt),
        Of("delivery_failure", _ => (string?)null),
        Of("delivered_at", m => m.Delivery.DeliveredAt),
        Of("read_at", m => m.Delivery.ReadAt),
        Of("played_at", m => m.Delivery.PlayedAt),
        Of("last_failure", _ => (string?)null),
        Of("uncertain_at", m => m.UncertainAt),
        Of("overdue_at", m => m.OverdueAt),
        Of("state", m => (short)m.State),
        Of("open", m => m.IsOpen),
        Of("attention", m => m.NeedsAttention),
    ];

    public static RawTable Messages { get; } = new(
        "messages",
        [
            Of("tenant_id", m => m.Envelope.TenantId),
            Of("id", m => m.Envelope.Id),
            Of("device_id", m => m.Envelope.DeviceId),
            Of("user_id", m => m.Envelope.UserId),
            Of("chat_jid", m => m.Envelope.ChatJid),
            Of("kind", m => m.Envelope.Content.Kind),
            Of("content", m => $$"""{"kind":"text","text":"{{((TextContent)m.Envelope.Content).Text}}","mentioned":[]}"""),
            Of("fingerprint", m => m.Envelope.Fingerprint),
            Of("accepted_at", m => m.Envelope.AcceptedAt),
            Of("due_at", m => m.Envelope.DueAt),
            Of("typing_ms", m => (int)m.Envelope.Typing.TotalMilliseconds),
            Of("position", m => m.Envelope.Position),
            .. Progress,
        ],
        "tenant_id, id",
        [.. Progress.Select(column => column.Name)]);

    public static RawTable Timeline { get; } = new(
        "message_events",
        [
            Of("tenant_id", m => m.Envelope.TenantId),
            Of("message_id", m => m.Envelope.Id),
            Of("version", m => m.Version),
            Of("n", _ => 0),
            OfRow("at", row => row.Transition.Timeline[0].At),
            OfRow("kind", row => NameOf(row.Transition.Timeline[0].Kind)),
            OfRow("source", row => NameOf(row.Transition.Timeline[0].Source)),
            OfRow("attempt", row => row.Transition.Timeline[0].Attempt),
            OfRow("detail", row => row.Transition.Timeline[0].Detail),
        ],
        "tenant_id, message_id, version, n",
        []);

    public static RawTable Outbox { get; } = new(
        "webhook_events",
        [
            OfRow("endpoint_id", row => row.EndpointId),
            OfRow("sequence", row => row.Sequence),
            Of("tenant_id", m => m.Envelope.TenantId),
            OfRow("type", row => row.Transition.Events[0].Type),
            OfRow("at", row => row.Transition.Events[0].At),
            Of("message_id", m => m.Envelope.Id),
            Of("data", _ => (string?)null),
        ],
        "endpoint_id, sequence",
        []);

    private static RawColumn Of<T>(string name, Func<Message, T> value) => OfRow(name, row => value(row.Transition.Message));

    private static RawColumn OfRow<T>(string name, Func<RawRow, T> value) => new(name, typeof(T), row => value(row));

    private static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
