using System.Data.Common;
using Wuts.Storage.Counting;
using Wuts.Storage.Sql;

namespace Wuts.Storage.Sqlite;

internal sealed class SqliteDialect : SqlDialect
{
    private const string Taken = "SELECT id FROM message_count_deltas ORDER BY id LIMIT @limit";

    // The order of the statements is free: they are one transaction, and nobody else writes meanwhile.
    private static readonly string FoldCountsSql = $"""
        INSERT INTO message_counts AS c (minute, tenant_id, device_id, {string.Join(", ", MessageCounts.Columns)})
        SELECT delta.value ->> 'minute' * 60000000, delta.value ->> 'tenant', delta.value ->> 'device',
            {string.Join(", ", MessageCounts.Columns.Select(c => $"coalesce(sum(delta.value ->> '{c}'), 0)"))}
        FROM message_count_deltas d CROSS JOIN json_each(d.deltas) AS delta
        WHERE d.id IN ({Taken})
        GROUP BY 1, 2, 3
        ON CONFLICT (minute, tenant_id, device_id) DO UPDATE SET {string.Join(", ", MessageCounts.Columns.Select(c => $"{c} = c.{c} + excluded.{c}"))};
        SELECT count(*) FROM ({Taken});
        DELETE FROM message_count_deltas WHERE id IN ({Taken})
        """;

    public override string ForUpdate => "";

    public override string HoldFlushes => "";

    public override string HoldClaims => "";

    public override string FoldCounts => FoldCountsSql;

    public static long ToMicroseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static object ToStored(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset time => ToMicroseconds(time),
        _ => value,
    };

    public override string TextsOf(string jsonParameter) => $"json_each({jsonParameter})";

    public override string RowsOf(string jsonParameter) => $"json_each({jsonParameter})";

    public override string TimeOf(string microseconds) => microseconds;

    public override object ToParameter(object? value) => ToStored(value);

    public override DateTimeOffset ReadTime(DbDataReader reader, int column) =>
        DateTimeOffset.UnixEpoch.AddTicks(reader.GetInt64(column) * TimeSpan.TicksPerMicrosecond);
}
