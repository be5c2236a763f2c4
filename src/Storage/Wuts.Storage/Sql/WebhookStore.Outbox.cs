using System.Collections.Immutable;
using Wuts.Storage.Writing;

namespace Wuts.Storage.Sql;

internal sealed partial class WebhookStore
{
    // Without subscriptions no later transition makes an event. The endpoint's row is locked before them, as a replacement does it.
    private const string Unsubscribe = """
        DELETE FROM webhook_subscriptions
        WHERE (tenant_id, device_id) = (SELECT tenant_id, device_id FROM webhook_endpoints WHERE tenant_id = @tenant AND id = @id)
        """;

    private const string Some = "endpoint_id = @id AND sequence < 5000 + (SELECT min(sequence) FROM webhook_events WHERE endpoint_id = @id)";

    private const string DeleteSomeEventsSql = $"""
        DELETE FROM webhook_retries WHERE {Some};
        DELETE FROM webhook_attempts WHERE {Some};
        DELETE FROM webhook_events WHERE {Some};
        SELECT 1 FROM webhook_events WHERE endpoint_id = @id LIMIT 1
        """;

    private static readonly string EventColumns = $"e.sequence, e.type, e.at, e.data, e.trace_parent, {MessageColumns.Select("m")}";

    // The tenant is compared as an expression: as a column it would become the only condition on the messages' index, and each event
    // would read all of the tenant's messages.
    private const string OfTenant = "e.tenant_id || '' = @tenant";

    private static readonly string ReadAfterSql = $"""
        SELECT {EventColumns}
        FROM webhook_events e
        LEFT JOIN messages m ON m.tenant_id = e.tenant_id AND m.id = e.message_id
        WHERE e.endpoint_id = @id AND e.sequence > @after AND {OfTenant}
        ORDER BY e.sequence
        LIMIT @limit
        """;

    private static readonly string RetrySql = $"""
        SELECT r.attempts, r.next_attempt_at, r.last_status, r.last_error, {EventColumns}
        FROM webhook_retries r
        JOIN webhook_events e ON e.endpoint_id = r.endpoint_id AND e.sequence = r.sequence
        LEFT JOIN messages m ON m.tenant_id = e.tenant_id AND m.id = e.message_id
        WHERE r.endpoint_id = @id AND {OfTenant}
        """;

    public async Task<long> ReadWatermarkAsync(string endpointId, CancellationToken cancellationToken)
    {
        var stored = await database.ReadAsync(
            "SELECT delivered_through FROM webhook_watermarks WHERE endpoint_id = @id", [("id", endpointId)], static row => row.Long(0), cancellationToken);
        return stored.IsEmpty ? 0 : stored[0];
    }

    public Task<ImmutableArray<OutboxEvent>> ReadAfterAsync(
        string tenantId, string endpointId, long afterSequence, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            ReadAfterSql,
            [("tenant", tenantId), ("id", endpointId), ("after", afterSequence), ("limit", limit)],
            static row => ReadEvent(row, 0),
            cancellationToken);

    public Task<ImmutableArray<OutboxRetry>> ReadRetriesAsync(
        string tenantId, string endpointId, DateTimeOffset dueBefore, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            $"{RetrySql} AND r.next_attempt_at <= @due ORDER BY r.next_attempt_at, r.sequence LIMIT @limit",
            [("tenant", tenantId), ("id", endpointId), ("due", dueBefore), ("limit", limit)],
            ReadRetry,
            cancellationToken);

    public Task<ImmutableArray<OutboxRetry>> ListDeadLettersAsync(
        string tenantId, string endpointId, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            $"{RetrySql} AND r.next_attempt_at IS NULL ORDER BY r.sequence DESC LIMIT @limit",
            [("tenant", tenantId), ("id", endpointId), ("limit", limit)],
            ReadRetry,
            cancellationToken);

    public async Task<DateTimeOffset?> FindNextRetryAsync(string endpointId, CancellationToken cancellationToken)
    {
        var next = await database.ReadAsync(
            "SELECT min(next_attempt_at) FROM webhook_retries WHERE endpoint_id = @id",
            [("id", endpointId)],
            static row => row.TimeOrNull(0),
            cancellationToken);
        return next[0];
    }

    public async Task SaveProgressAsync(WebhookProgress progress, CancellationToken cancellationToken) =>
        await writer.WriteAsync(new StorageWrite.OfProgress(progress), cancellationToken);

    public Task<ImmutableArray<EndpointKey>> ListBehindAsync(DateTimeOffset dueBefore, CancellationToken cancellationToken) =>
        database.ReadAsync(
            """
            SELECT e.tenant_id, e.id
            FROM webhook_endpoints e
            JOIN webhook_sequences s ON s.endpoint_id = e.id
            JOIN webhook_watermarks w ON w.endpoint_id = e.id
            WHERE e.enabled AND (
                s.last_sequence > w.delivered_through
                OR EXISTS (SELECT 1 FROM webhook_retries r WHERE r.endpoint_id = e.id AND r.next_attempt_at <= @due))
            ORDER BY e.tenant_id, e.id
            """,
            [("due", dueBefore)],
            static row => new EndpointKey(row.Text(0), row.Text(1)),
            cancellationToken);

    private static OutboxEvent ReadEvent(SqlRow row, int at) => new(
        row.Long(at),
        row.Text(at + 1),
        row.Time(at + 2),
        row.IsNull(at + 5) ? null : MessageColumns.Read(row, at + 5),
        row.TextOrNull(at + 3),
        row.TextOrNull(at + 4));

    private static OutboxRetry ReadRetry(SqlRow row) =>
        new(ReadEvent(row, 4), row.Int(0), row.TimeOrNull(1), row.IntOrNull(2), row.TextOrNull(3));
}
