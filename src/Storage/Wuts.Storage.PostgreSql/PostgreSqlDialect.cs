using System.Data.Common;
using Wuts.Storage.Counting;
using Wuts.Storage.Sql;

namespace Wuts.Storage.PostgreSql;

internal sealed class PostgreSqlDialect : SqlDialect
{
    /// <summary>Names the advisory lock that every flush shares, and that nothing else may hold for longer than a moment.</summary>
    public const long FlushLock = 0x57555453_01;

    /// <summary>Names the advisory lock of migrations.</summary>
    public const long MigrationLock = 0x57555453_02;

    private static readonly string FoldCountsSql = $"""
        WITH taken AS (
            DELETE FROM message_count_deltas
            WHERE id = ANY (ARRAY(SELECT id FROM message_count_deltas ORDER BY id LIMIT @limit FOR UPDATE SKIP LOCKED))
            RETURNING deltas
        ), folded AS (
            INSERT INTO message_counts AS c (minute, tenant_id, device_id, {string.Join(", ", MessageCounts.Columns)})
            SELECT to_timestamp(delta.minute * 60), delta.tenant, delta.device, {string.Join(", ", MessageCounts.Columns.Select(c => $"coalesce(sum({c}), 0)"))}
            FROM taken CROSS JOIN json_to_recordset(taken.deltas::json)
                AS delta (minute bigint, tenant text, device text, {string.Join(", ", MessageCounts.Columns.Select(c => $"{c} bigint"))})
            GROUP BY delta.minute, delta.tenant, delta.device
            ORDER BY delta.minute, delta.tenant COLLATE "C", delta.device COLLATE "C"
            ON CONFLICT (minute, tenant_id, device_id) DO UPDATE SET {string.Join(", ", MessageCounts.Columns.Select(c => $"{c} = c.{c} + excluded.{c}"))}
        )
        SELECT count(*) FROM taken
        """;

    public override string ForUpdate => "FOR UPDATE";

    // Void is not null: it waits, and returns no row.
    public override string HoldFlushes => $"SELECT 1 WHERE pg_advisory_xact_lock({FlushLock}) IS NULL;";

    public override string FoldCounts => FoldCountsSql;

    public override string TextsOf(string jsonParameter) => $"jsonb_array_elements_text({jsonParameter}::jsonb)";

    public override object ToParameter(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset time => time.ToUniversalTime(),
        _ => value,
    };

    public override DateTimeOffset ReadTime(DbDataReader reader, int column) => reader.GetFieldValue<DateTimeOffset>(column);
}
