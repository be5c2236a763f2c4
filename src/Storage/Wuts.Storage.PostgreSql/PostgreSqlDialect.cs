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

    // An advisory lock a tenant, of 256 that tenants share: no row is written for it, and no flush needs more. A flush shares it with
    // others before it looks at consents; whoever changes them takes it alone.
    private const int ConsentLocks = 0x57555453;

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

    public override string HoldClaims => $"SELECT 1 WHERE pg_advisory_xact_lock({ConsentLocks}, {StripeOf("@tenant_id")}) IS NULL;";

    /// <summary>
    /// Takes the locks of tenants' consents for a flush, in one order everywhere, so that nobody waits in a circle. Parameters: the
    /// tenants, and for each whether the flush changes its consents.
    /// </summary>
    public static string ShareConsents { get; } = $"""
        SELECT CASE WHEN stripe.alone
            THEN pg_advisory_xact_lock({ConsentLocks}, stripe.number)::text
            ELSE pg_advisory_xact_lock_shared({ConsentLocks}, stripe.number)::text
        END
        FROM (
            SELECT {StripeOf("tenant.id")} AS number, bool_or(tenant.alone) AS alone
            FROM unnest($1::text[], $2::boolean[]) AS tenant (id, alone)
            GROUP BY 1
            ORDER BY 1
        ) AS stripe
        """;

    public override string FoldCounts => FoldCountsSql;

    public override string TextsOf(string jsonParameter) => $"jsonb_array_elements_text({jsonParameter}::jsonb)";

    public override string RowsOf(string jsonParameter) => $"jsonb_array_elements({jsonParameter}::jsonb)";

    public override string TimeOf(string microseconds) => $"timestamptz 'epoch' + ({microseconds})::bigint * interval '1 microsecond'";

    public override object ToParameter(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset time => time.ToUniversalTime(),
        _ => value,
    };

    public override DateTimeOffset ReadTime(DbDataReader reader, int column) => reader.GetFieldValue<DateTimeOffset>(column);

    private static string StripeOf(string tenant) => $"hashtext({tenant}) & 255";
}
