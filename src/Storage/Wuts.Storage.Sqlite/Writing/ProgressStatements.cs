using Wuts.Storage.Sql;
using Wuts.Storage.Writing;

namespace Wuts.Storage.Sqlite.Writing;

/// <summary>What webhook deliveries came to. Each may be repeated, and an older word never undoes a newer one.</summary>
internal static class ProgressStatements
{
    private const string IsKnown = "EXISTS (SELECT 1 FROM webhook_events e WHERE e.endpoint_id = @endpoint_id AND e.sequence = @sequence)";

    private static readonly RowStatement<StorageWrite.OfProgress> Watermark = new(
        [
            Column.Of("endpoint_id", (StorageWrite.OfProgress w) => w.Progress.EndpointId),
            Column.Of("delivered_through", (StorageWrite.OfProgress w) => w.Progress.DeliveredThrough),
        ],
        """
        UPDATE webhook_watermarks SET delivered_through = @delivered_through
        WHERE endpoint_id = @endpoint_id AND delivered_through < @delivered_through
        """);

    private static readonly RowStatement<AttemptRow> Attempt = new(
        Only("endpoint_id", "sequence", "number", "at", "status", "error", "duration_ms"),
        $"""
        INSERT INTO webhook_attempts (endpoint_id, sequence, number, at, status, error, duration_ms)
        SELECT @endpoint_id, @sequence, @number, @at, @status, @error, @duration_ms
        WHERE {IsKnown}
        ON CONFLICT DO NOTHING
        """);

    private static readonly RowStatement<AttemptRow> Retry = new(
        Only("endpoint_id", "sequence", "number", "next_attempt_at", "status", "error"),
        $"""
        INSERT INTO webhook_retries (endpoint_id, sequence, attempts, next_attempt_at, last_status, last_error)
        SELECT @endpoint_id, @sequence, @number, @next_attempt_at, @status, @error
        WHERE {IsKnown} AND NOT EXISTS (
            SELECT 1 FROM webhook_attempts l WHERE l.endpoint_id = @endpoint_id AND l.sequence = @sequence AND l.number > @number)
        ON CONFLICT (endpoint_id, sequence) DO UPDATE SET
            attempts = excluded.attempts, next_attempt_at = excluded.next_attempt_at,
            last_status = excluded.last_status, last_error = excluded.last_error
        """);

    private static readonly RowStatement<AttemptRow> Delivered = new(
        Only("endpoint_id", "sequence", "number"),
        "DELETE FROM webhook_retries WHERE endpoint_id = @endpoint_id AND sequence = @sequence AND attempts < @number");

    public static void Execute(SqliteWriteConnection writer, StorageWrite.OfProgress progress)
    {
        Watermark.Execute(writer, progress);
        foreach (var attempt in AttemptRow.Of(progress.Progress))
        {
            Attempt.Execute(writer, attempt);
            if (attempt.IsLast)
            {
                (attempt.IsDelivered ? Delivered : Retry).Execute(writer, attempt);
            }
        }
    }

    private static IEnumerable<Column<AttemptRow>> Only(params string[] names) => AttemptRow.Columns.Where(column => names.Contains(column.Name));
}
