using System.Diagnostics;
using Npgsql;

namespace Wuts.Benchmarks.Storing;

/// <summary>One statement over arrays, <c>INSERT … SELECT * FROM unnest(…)</c>, which commits by itself.</summary>
internal sealed class PostgreSqlRawWriter : IRawWriter
{
    private readonly NpgsqlConnection _connection;
    private readonly Dictionary<RawTable, NpgsqlCommand> _commands = [];

    private PostgreSqlRawWriter(NpgsqlConnection connection) => _connection = connection;

    public static async Task<PostgreSqlRawWriter> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return new(connection);
    }

    public async Task<TimeSpan> WriteAsync(RawTable table, IReadOnlyList<RawRow> rows)
    {
        if (!_commands.TryGetValue(table, out var command))
        {
            _commands[table] = command = await PrepareAsync(table);
        }

        for (var i = 0; i < table.Columns.Length; i++)
        {
            command.Parameters[i].Value = ValuesOf(table.Columns[i], rows);
        }

        var startedAt = Stopwatch.GetTimestamp();
        await command.ExecuteNonQueryAsync();
        return Stopwatch.GetElapsedTime(startedAt);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in _commands.Values)
        {
            await command.DisposeAsync();
        }

        await _connection.DisposeAsync();
    }

    private async Task<NpgsqlCommand> PrepareAsync(RawTable table)
    {
        var arrays = table.Columns.Select((column, i) => $"${i + 1}::{NameOf(column.Type)}[]");
        var command = new NpgsqlCommand(
            $"INSERT INTO {table.Name} ({table.Names}) SELECT * FROM unnest({string.Join(", ", arrays)}) {table.OnConflict}", _connection);
        foreach (var column in table.Columns)
        {
            command.Parameters.Add(new NpgsqlParameter { DataTypeName = $"{NameOf(column.Type)}[]" });
        }

        await command.PrepareAsync();
        return command;
    }

    private static Array ValuesOf(RawColumn column, IReadOnlyList<RawRow> rows)
    {
        var type = column.Type == typeof(DateTimeOffset) ? typeof(DateTime)
            : column.Type == typeof(DateTimeOffset?) ? typeof(DateTime?)
            : column.Type;
        var values = Array.CreateInstance(type, rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            values.SetValue(column.Value(rows[i]) is var value && value is DateTimeOffset time ? time.UtcDateTime : value, i);
        }

        return values;
    }

    private static string NameOf(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
    {
        TypeCode.String => "text",
        TypeCode.Int16 => "smallint",
        TypeCode.Int32 => "integer",
        TypeCode.Int64 => "bigint",
        TypeCode.Boolean => "boolean",
        _ => "timestamp with time zone",
    };
}
