using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Wuts.Benchmarks.Storing;

/// <summary>One prepared statement, executed for each row within one transaction; the log is flushed to the disk at each commit.</summary>
internal sealed class SqliteRawWriter : IRawWriter
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<RawTable, SqliteCommand> _commands = [];

    public SqliteRawWriter(string connectionString)
    {
        _connection = new SqliteConnection(connectionString);
        _connection.Open();
        using var pragmas = new SqliteCommand(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000", _connection);
        pragmas.ExecuteNonQuery();
    }

    public Task<TimeSpan> WriteAsync(RawTable table, IReadOnlyList<RawRow> rows)
    {
        var values = rows.Select(row => table.Columns.Select(column => ToStored(column.Value(row))).ToArray()).ToArray();
        if (!_commands.TryGetValue(table, out var command))
        {
            _commands[table] = command = Prepare(table);
        }

        var startedAt = Stopwatch.GetTimestamp();
        using (var transaction = _connection.BeginTransaction())
        {
            command.Transaction = transaction;
            foreach (var row in values)
            {
                for (var i = 0; i < row.Length; i++)
                {
                    command.Parameters[i].Value = row[i];
                }

                command.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        return Task.FromResult(Stopwatch.GetElapsedTime(startedAt));
    }

    public ValueTask DisposeAsync()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private SqliteCommand Prepare(RawTable table)
    {
        var command = new SqliteCommand(
            $"INSERT INTO {table.Name} ({table.Names}) VALUES ({string.Join(", ", table.Columns.Select(column => "@" + column.Name))}) {table.OnConflict}",
            _connection);
        foreach (var column in table.Columns)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = "@" + column.Name });
        }

        return command;
    }

    // Times are Unix microseconds in the product's files.
    private static object ToStored(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset time => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
        _ => value,
    };
}
