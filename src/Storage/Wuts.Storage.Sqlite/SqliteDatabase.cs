using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Wuts.Storage.Sql;

namespace Wuts.Storage.Sqlite;

/// <summary>
/// One file. All writes of the process share one connection behind one lock, so that none ever waits by polling; reads have
/// connections of their own and never wait for a write.
/// </summary>
internal sealed class SqliteDatabase : SqlDatabase, IAsyncDisposable
{
    // A commit is on the disk when it returns. The cache holds the inner pages of the indexes; a long log makes checkpoints rare.
    private const string WritePragmas =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; "
        + "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY";

    private readonly string _connectionString;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentBag<SqliteReadConnection> _readers = [];
    private SqliteWriteConnection? _writer;

    public SqliteDatabase(string connectionString)
        : base(new SqliteDialect())
    {
        var settings = new SqliteConnectionStringBuilder(connectionString);
        if (settings.DataSource is "" or ":memory:" || settings.Mode == SqliteOpenMode.Memory)
        {
            throw new ArgumentException("SQLite storage needs a file: accepted messages must outlive the process.", nameof(connectionString));
        }

        _connectionString = settings.ConnectionString;
        Path = settings.DataSource;
    }

    public string Path { get; }

    public override string Description => $"SQLite, {Path}";

    public override Task<ImmutableArray<T>> ReadAsync<T>(
        string sql, (string Name, object? Value)[] parameters, Func<SqlRow, T> map, CancellationToken cancellationToken) =>
        TranslateAsync(async () =>
        {
            var reader = _readers.TryTake(out var free) ? free : new SqliteReadConnection(_connectionString);
            try
            {
                var rows = await RunAsync(reader.Prepared(sql), parameters, map, cancellationToken);
                _readers.Add(reader);
                return rows;
            }
            catch
            {
                reader.Dispose();
                throw;
            }
        });

    public override Task<ImmutableArray<T>> WriteAsync<T>(
        string sql, (string Name, object? Value)[] parameters, Func<SqlRow, T> map, CancellationToken cancellationToken) =>
        TranslateAsync(() => WriteAsync(
            writer =>
            {
                using var command = new SqliteCommand(sql, writer.Connection);

                // SQLite has no asynchronous calls: the task is complete when it is returned.
                return RunAsync(command, parameters, map, CancellationToken.None).GetAwaiter().GetResult();
            },
            cancellationToken));

    /// <summary>Runs a transaction on the write connection, on a thread where blocking hurts nobody.</summary>
    public async Task<T> WriteAsync<T>(Func<SqliteWriteConnection, T> write, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => (_writer ??= Open()).InTransaction(write), CancellationToken.None);
        }
        finally
        {
            _writing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync();
        _writer?.Dispose();
        _writer = null;
        _writing.Release();
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }

        SqliteConnection.ClearPool(new SqliteConnection(_connectionString));
    }

    private async Task<T> TranslateAsync<T>(Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (SqliteException exception) when (!SqliteErrors.IsRefusal(exception))
        {
            throw new StorageUnavailableException($"{Description} does not answer: {exception.Message}", exception);
        }
    }

    private SqliteWriteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            using var command = new SqliteCommand(WritePragmas, connection);
            command.ExecuteNonQuery();
            return new SqliteWriteConnection(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
