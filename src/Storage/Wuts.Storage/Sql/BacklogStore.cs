using Wuts.Domain.Delivery;

namespace Wuts.Storage.Sql;

internal sealed class BacklogStore(SqlDatabase database) : IBacklogStore
{
    // What waits for its day is not late. (A refused attempt does not make a message less late.)
    private const string WaitsSince = "CASE WHEN hold IN ('warm_up', 'restricted') THEN not_before ELSE due_at END";

    // In the order of the index on open rows, so that a backlog ends the search at its first row.
    private static readonly string OldestUnsentSql = $"""
        SELECT {WaitsSince}
        FROM messages
        WHERE open AND state IN ({(int)MessageState.Queued}, {(int)MessageState.Dispatching}, {(int)MessageState.Uncertain}) AND {WaitsSince} <= @now
        ORDER BY accepted_at
        LIMIT 1
        """;

    private static readonly string FlaggedSql = $"""
        SELECT
            count(CASE WHEN state = {(int)MessageState.Sent} THEN 1 END),
            count(CASE WHEN state = {(int)MessageState.Uncertain} THEN 1 END)
        FROM messages
        WHERE overdue_at IS NOT NULL
        """;

    private const string WebhooksSql = """
        SELECT
            CAST(coalesce(sum(s.last_sequence - w.delivered_through), 0) AS bigint),
            min((
                SELECT v.at FROM webhook_events v
                WHERE v.endpoint_id = e.id AND v.sequence > w.delivered_through
                ORDER BY v.sequence
                LIMIT 1)),
            (SELECT count(*) FROM webhook_retries WHERE next_attempt_at IS NOT NULL)
        FROM webhook_endpoints e
        JOIN webhook_sequences s ON s.endpoint_id = e.id
        JOIN webhook_watermarks w ON w.endpoint_id = e.id
        WHERE e.enabled AND s.last_sequence > w.delivered_through
        """;

    public async Task<Backlog> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var unsent = await database.ReadAsync<DateTimeOffset?>(OldestUnsentSql, [("now", now)], static row => row.Time(0), cancellationToken);
        var flagged = await database.ReadAsync(FlaggedSql, [], static row => (Overdue: row.Long(0), Uncertain: row.Long(1)), cancellationToken);
        var webhooks = await database.ReadAsync(
            WebhooksSql, [], static row => (Events: row.Long(0), Oldest: row.TimeOrNull(1), Retries: row.Long(2)), cancellationToken);
        return new(
            unsent.IsEmpty ? null : unsent[0],
            flagged[0].Overdue,
            flagged[0].Uncertain,
            webhooks[0].Events,
            webhooks[0].Oldest,
            webhooks[0].Retries);
    }
}
