using Microsoft.Data.Sqlite;

namespace Wuts.Storage.Sqlite;

/// <summary>The one connection that writes, and the statements prepared on it. One thread at a time.</summary>
internal sealed class SqliteWriteConnection : IDisposable
{
    private readonly Dictionary<object, SqliteCommand> _prepared = new(ReferenceEqualityComparer.Instance);
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _rollback;

    public SqliteWriteConnection(SqliteConnection connection)
    {
        Connection = connection;
        _begin = new SqliteCommand("BEGIN IMMEDIATE", connection);
        _commit = new SqliteCommand("COMMIT", connection);
        _rollback = new SqliteCommand("ROLLBACK", connection);
    }

    public SqliteConnection Connection { get; }

    /// <summary>The command of a statement, made once; its parameters keep their last values.</summary>
    public SqliteCommand Prepared(object statement, string sql, IEnumerable<string> parameters)
    {
        if (!_prepared.TryGetValue(statement, out var command))
        {
            command = new SqliteCommand(sql, Connection);
            foreach (var name in parameters)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            }

            _prepared.Add(statement, command);
        }

        return command;
    }

    public T InTransaction<T>(Func<SqliteWriteConnection, T> write)
    {
        _begin.ExecuteNonQuery();
        try
        {
            var result = write(this);
            _commit.ExecuteNonQuery();
            return result;
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        _begin.Dispose();
        _commit.Dispose();
        _rollback.Dispose();
        Connection.Dispose();
    }

    // Some errors have rolled back already; then there is nothing left to undo.
    private void RollBack()
    {
        try
        {
            _rollback.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
        }
    }
}
