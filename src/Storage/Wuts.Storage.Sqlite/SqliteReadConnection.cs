using Microsoft.Data.Sqlite;

namespace Wuts.Storage.Sqlite;

/// <summary>A connection that reads, and the statements prepared on it: preparing one costs more than most reads. One caller at a time.</summary>
internal sealed class SqliteReadConnection : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _prepared = [];

    public SqliteReadConnection(string connectionString)
    {
        _connection = new SqliteConnection(connectionString);
        _connection.Open();
    }

    public SqliteCommand Prepared(string sql)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            _prepared.Add(sql, command = new SqliteCommand(sql, _connection));
        }

        return command;
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }
}
