using System.Collections.Immutable;
using Npgsql;
using Wuts.Storage.Sql;

namespace Wuts.Storage.PostgreSql.Writing;

/// <summary>Rows given to a statement as one array parameter a column.</summary>
internal sealed class ArrayInput<TRow>(int firstParameter, IEnumerable<Column<TRow>> columns)
{
    private readonly ImmutableArray<Column<TRow>> _columns = [.. columns];

    /// <summary>The number of the first parameter that is free after these.</summary>
    public int Next => firstParameter + _columns.Length;

    public string Names => string.Join(", ", _columns.Select(column => column.Name));

    /// <summary>The rows as a table: <c>unnest($1::text[], $2::integer[])</c>.</summary>
    public string Table => $"unnest({string.Join(", ", _columns.Select((column, i) => $"${firstParameter + i}::{TypeOf(column.Type)}[]"))})";

    public void Bind(NpgsqlParameterCollection parameters, IReadOnlyList<TRow> rows)
    {
        foreach (var column in _columns)
        {
            // Types are said, not guessed from the values, or the statement would not stay prepared.
            parameters.Add(new NpgsqlParameter { Value = Normalize(column.OfAll(rows)), DataTypeName = $"{TypeOf(column.Type)}[]" });
        }
    }

    private static string TypeOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(string) => "text",
        var t when t == typeof(DateTimeOffset) => "timestamp with time zone",
        var t when t == typeof(long) => "bigint",
        var t when t == typeof(int) => "integer",
        var t when t == typeof(short) => "smallint",
        var t when t == typeof(bool) => "boolean",
        var t => throw new InvalidOperationException($"No column may be of type {t}."),
    };

    // Npgsql takes only times whose offset is zero.
    private static Array Normalize(Array values)
    {
        switch (values)
        {
            case DateTimeOffset[] times:
                return Array.ConvertAll(times, static time => time.UtcDateTime);
            case DateTimeOffset?[] times:
                return Array.ConvertAll(times, static time => time?.UtcDateTime);
            default:
                return values;
        }
    }
}
