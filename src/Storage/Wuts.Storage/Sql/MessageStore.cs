using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Storage.Writing;

namespace Wuts.Storage.Sql;

internal sealed class MessageStore(SqlDatabase database, BatchWriter writer) : IMessageStore
{
    // Both partial indexes on open rows want the bare column as their condition.
    private static readonly string Unsent =
        $"open AND state IN ({(int)MessageState.Queued}, {(int)MessageState.Dispatching}, {(int)MessageState.Uncertain})";

    private static readonly string FindSql = $"SELECT {MessageColumns.Select()} FROM messages WHERE tenant_id = @tenant AND id = @id";

    private static readonly string ListUnsentSql = $"""
        SELECT id, chat_jid, position, coalesce(not_before, due_at), typing_ms, state, device_epoch, attempt, trace_parent, category, accepted_at, hold
        FROM messages
        WHERE {Unsent} AND tenant_id = @tenant AND device_id = @device AND position > @after
        ORDER BY position
        LIMIT @limit
        """;

    private static readonly string ListDevicesSql = $"SELECT DISTINCT tenant_id, device_id FROM messages WHERE {Unsent}";

    private static readonly string ListDevicesOfChatSql =
        $"SELECT DISTINCT device_id FROM messages WHERE {Unsent} AND tenant_id = @tenant AND chat_jid = @chat ORDER BY device_id";

    private static readonly string ListOverdueSql = $"""
        SELECT tenant_id, id
        FROM messages
        WHERE open AND state = {(int)MessageState.Sent} AND accepted_at < @before
        ORDER BY accepted_at, id
        LIMIT @limit
        """;

    public Task<Message?> FindAsync(string tenantId, string messageId, CancellationToken cancellationToken) =>
        database.FindAsync(FindSql, [("tenant", tenantId), ("id", messageId)], static row => MessageColumns.Read(row), cancellationToken);

    public async Task<WriteOutcome> WriteAsync(Transition transition, bool fenced, CancellationToken cancellationToken) =>
        await writer.WriteAsync(new StorageWrite.OfMessage(transition, fenced), cancellationToken) > 0 ? WriteOutcome.Written : WriteOutcome.Conflict;

    public Task<ImmutableArray<TimelineEntry>> ReadTimelineAsync(string tenantId, string messageId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            """
            SELECT at, kind, source, attempt, detail
            FROM message_events
            WHERE tenant_id = @tenant AND message_id = @message
            ORDER BY version, n
            """,
            [("tenant", tenantId), ("message", messageId)],
            static row => new TimelineEntry(
                row.Time(0), StoredName<TimelineKind>.Parse(row.Text(1)), StoredName<TimelineSource>.Parse(row.Text(2)), row.Int(3), row.TextOrNull(4)),
            cancellationToken);

    public Task<ImmutableArray<UnsentMessage>> ListUnsentAsync(
        DeviceKey device, long afterPosition, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            ListUnsentSql,
            [("tenant", device.TenantId), ("device", device.DeviceId), ("after", afterPosition), ("limit", limit)],
            static row => new UnsentMessage(
                row.Text(0),
                row.Text(1),
                row.Long(2),
                row.Time(3),
                TimeSpan.FromMilliseconds(row.Int(4)),
                (MessageState)row.Int(5),
                row.Long(6),
                row.Int(7),
                row.TextOrNull(8),
                StoredName<Category>.Parse(row.Text(9)),
                row.Time(10),
                StoredName<HoldReason>.ParseNullable(row.TextOrNull(11))),
            cancellationToken);

    public Task<ImmutableArray<string>> ListDevicesWithUnsentAsync(string tenantId, string chatJid, CancellationToken cancellationToken) =>
        database.ReadAsync(ListDevicesOfChatSql, [("tenant", tenantId), ("chat", chatJid)], static row => row.Text(0), cancellationToken);

    public Task<ImmutableArray<DeviceKey>> ListDevicesWithUnsentAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(ListDevicesSql, [], static row => new DeviceKey(row.Text(0), row.Text(1)), cancellationToken);

    public Task<ImmutableArray<(string TenantId, string MessageId)>> ListOverdueAsync(
        DateTimeOffset acceptedBefore, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            ListOverdueSql, [("before", acceptedBefore), ("limit", limit)], static row => (row.Text(0), row.Text(1)), cancellationToken);
}
