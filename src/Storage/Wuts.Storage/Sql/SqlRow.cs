using System.Data.Common;

namespace Wuts.Storage.Sql;

/// <summary>The row at which a reader stands; columns by number, from 0.</summary>
internal readonly struct SqlRow(DbDataReader reader, SqlDialect dialect)
{
    public string Text(int column) => reader.GetString(column);

    public string? TextOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public int Int(int column) => reader.GetInt32(column);

    public int? IntOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    public long Long(int column) => reader.GetInt64(column);

    public bool Flag(int column) => reader.GetBoolean(column);

    public bool IsNull(int column) => reader.IsDBNull(column);

    public DateTimeOffset Time(int column) => dialect.ReadTime(reader, column);

    public DateTimeOffset? TimeOrNull(int column) => reader.IsDBNull(column) ? null : dialect.ReadTime(reader, column);
}
