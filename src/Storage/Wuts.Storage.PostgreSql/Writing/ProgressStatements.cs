using Npgsql;
using Wuts.Storage.Sql;
using Wuts.Storage.Writing;

namespace Wuts.Storage.PostgreSql.Writing;

/// <summary>What webhook deliveries came to. Each may be repeated, and an older word never undoes a newer one.</summary>
internal static class ProgressStatements
{
    private static readonly ArrayInput<StorageWrite.OfProgress> Watermarks = new(1,
    [
        Column.Of("endpoint_id", (StorageWrite.OfProgress w) => w.Progress.EndpointId),
        Column.Of("delivered_through", (StorageWrite.OfProgress w) => w.Progress.DeliveredThrough),
    ]);

    private static readonly ArrayInput<AttemptRow> Attempts = new(1, AttemptRow.Columns);

    private static readonly string WatermarkSql = $"""
        UPDATE webhook_watermarks AS w
        SET delivered_through = p.delivered_through
        FROM {Watermarks.Table} AS p ({Watermarks.Names})
        WHERE w.endpoint_id = p.endpoint_id AND w.delivered_through < p.delivered_through
        """;

    private static readonly string AttemptSql = $"""
        INSERT INTO webhook_attempts (endpoint_id, sequence, number, at, status, error, duration_ms)
        SELECT a.endpoint_id, a.sequence, a.number, a.at, a.status, a.error, a.duration_ms
        FROM {Attempts.Table} AS a ({Attempts.Names})
        WHERE EXISTS (SELECT 1 FROM webhook_events e WHERE e.endpoint_id = a.endpoint_id AND e.sequence = a.sequence)
        ON CONFLICT DO NOTHING
        """;

    private static readonly string RetrySql = $"""
        INSERT INTO webhook_retries AS r (endpoint_id, sequence, attempts, next_attempt_at, last_status, last_error)
        SELECT a.endpoint_id, a.sequence, a.number, a.next_attempt_at, a.status, a.error
        FROM {Attempts.Table} AS a ({Attempts.Names})
        WHERE a.last AND NOT a.delivered
            AND EXISTS (SELECT 1 FROM webhook_events e WHERE e.endpoint_id = a.endpoint_id AND e.sequence = a.sequence)
            AND NOT EXISTS (
                SELECT 1 FROM webhook_attempts l WHERE l.endpoint_id = a.endpoint_id AND l.sequence = a.sequence AND l.number > a.number)
        ON CONFLICT (endpoint_id, sequence) DO UPDATE SET
            attempts = excluded.attempts, next_attempt_at = excluded.next_attempt_at,
            last_status = excluded.last_status, last_error = excluded.last_error
        """;

    private static readonly string DeliveredSql = $"""
        DELETE FROM webhook_retries AS r
        USING {Attempts.Table} AS a ({Attempts.Names})
        WHERE a.last AND a.delivered AND r.endpoint_id = a.endpoint_id AND r.sequence = a.sequence AND r.attempts < a.number
        """;

    public static IEnumerable<NpgsqlBatchCommand> Commands(FlushRows rows)
    {
        yield return Command(WatermarkSql, Watermarks, rows.Progress);
        if (rows.Attempts.Count > 0)
        {
            yield return Command(AttemptSql, Attempts, rows.Attempts);
            yield return Command(RetrySql, Attempts, rows.Attempts);
            yield return Command(DeliveredSql, Attempts, rows.Attempts);
        }
    }

    private static NpgsqlBatchCommand Command<TRow>(string sql, ArrayInput<TRow> input, List<TRow> rows)
    {
        var command = new NpgsqlBatchCommand(sql);
        input.Bind(command.Parameters, rows);
        return command;
    }
}
