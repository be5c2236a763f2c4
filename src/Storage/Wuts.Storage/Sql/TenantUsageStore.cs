using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Quotas;

namespace Wuts.Storage.Sql;

/// <summary>
/// Each query reads a range of one index: by time for what was accepted, by chat for whether a recipient was written to before, open rows
/// for what waits. Only the last two minutes are read row by row, and they are read once: the rest does not change any more.
/// </summary>
internal sealed class TenantUsageStore(SqlDatabase database) : ITenantUsageStore
{
    private const string CountSql = "SELECT count(*) FROM messages WHERE tenant_id = @tenant AND accepted_at >= @day AND accepted_at < @recent";

    private const string RecentSql = "SELECT id, chat_jid, accepted_at FROM messages WHERE tenant_id = @tenant AND accepted_at >= @recent";

    private const string WindowSql = """
        SELECT accepted_at
        FROM messages
        WHERE tenant_id = @tenant AND accepted_at >= @window AND accepted_at < @recent
        ORDER BY accepted_at DESC
        LIMIT @limit
        """;

    private const string NewSql = """
        SELECT DISTINCT m.chat_jid
        FROM messages m
        WHERE m.tenant_id = @tenant AND m.accepted_at >= @day AND NOT EXISTS (
            SELECT 1 FROM messages e WHERE e.tenant_id = @tenant AND e.chat_jid = m.chat_jid AND e.accepted_at < @day)
        """;

    private static readonly string WaitingSql = $"""
        SELECT device_id, count(*)
        FROM messages
        WHERE tenant_id = @tenant AND open AND state IN ({(int)MessageState.Queued}, {(int)MessageState.Dispatching}, {(int)MessageState.Uncertain})
        GROUP BY device_id
        """;

    public async Task<long> BeginEpochAsync(string tenantId, CancellationToken cancellationToken)
    {
        var begun = await database.WriteAsync(
            "UPDATE tenants SET quota_epoch = quota_epoch + 1 WHERE id = @tenant RETURNING quota_epoch", [("tenant", tenantId)], static row => row.Long(0), cancellationToken);
        return begun is [var epoch] ? epoch : throw new InvalidOperationException("There is no such tenant.");
    }

    public async Task<TenantUsage> ReadAsync(string tenantId, UsageSince since, CancellationToken cancellationToken)
    {
        var recent = await database.ReadAsync(
            RecentSql,
            [("tenant", tenantId), ("recent", since.Recent)],
            static row => new RecentAcceptance(row.Text(0), row.Text(1), row.Time(2)),
            cancellationToken);
        var before = await database.ReadAsync(
            CountSql, [("tenant", tenantId), ("day", since.Day), ("recent", since.Recent)], static row => row.Long(0), cancellationToken);
        ImmutableArray<DateTimeOffset> window = since.Window < since.Recent
            ? await database.ReadAsync(
                WindowSql,
                [("tenant", tenantId), ("window", since.Window), ("recent", since.Recent), ("limit", since.WindowLimit)],
                static row => row.Time(0),
                cancellationToken)
            : [];
        ImmutableArray<string> newToday = since.Recipients
            ? await database.ReadAsync(NewSql, [("tenant", tenantId), ("day", since.Day)], static row => row.Text(0), cancellationToken)
            : [];
        return new(before[0], recent, window, newToday, await CountWaitingAsync(tenantId, cancellationToken));
    }

    public async Task<ImmutableDictionary<string, int>> CountWaitingAsync(string tenantId, CancellationToken cancellationToken)
    {
        var waiting = await database.ReadAsync(
            WaitingSql, [("tenant", tenantId)], static row => KeyValuePair.Create(row.Text(0), (int)row.Long(1)), cancellationToken);
        return waiting.ToImmutableDictionary(StringComparer.Ordinal);
    }

    public async Task<bool> HasWrittenAsync(string tenantId, string chatJid, DateTimeOffset before, CancellationToken cancellationToken) =>
        !(await database.ReadAsync(
            "SELECT 1 FROM messages WHERE tenant_id = @tenant AND chat_jid = @chat AND accepted_at < @before LIMIT 1",
            [("tenant", tenantId), ("chat", chatJid), ("before", before)],
            static _ => true,
            cancellationToken)).IsEmpty;
}
