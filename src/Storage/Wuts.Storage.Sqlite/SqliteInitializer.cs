using Microsoft.Data.Sqlite;
using Wuts.Storage.Schema;

namespace Wuts.Storage.Sqlite;

internal sealed class SqliteInitializer(SqliteDatabase database) : IStorageInitializer
{
    public string Description => database.Description;

    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(database.Path)) is { } folder)
            {
                Directory.CreateDirectory(folder);
            }

            await database.WriteAsync(Migrate, cancellationToken);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException($"{Description} cannot be brought up to date: {exception.Message}", exception);
        }
    }

    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        var tables = await database.ReadAsync(
            "SELECT count(*) FROM sqlite_master WHERE name = 'schema_version'", [], static row => row.Long(0), cancellationToken);
        var versions = tables[0] == 0
            ? [0]
            : await database.ReadAsync("SELECT coalesce(max(version), 0) FROM schema_version", [], static row => row.Long(0), cancellationToken);
        Migrations.Verify((int)versions[0]);
    }

    public async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await database.ReadAsync("SELECT 1", [], static _ => true, cancellationToken);
            return true;
        }
        catch (StorageUnavailableException)
        {
            return false;
        }
    }

    // The transaction has the write lock of the file from its first statement on.
    private static bool Migrate(SqliteWriteConnection writer)
    {
        Execute(writer, "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY, applied_at INTEGER NOT NULL DEFAULT (unixepoch() * 1000000))");
        var version = (int)(long)Execute(writer, "SELECT coalesce(max(version), 0) FROM schema_version")!;
        foreach (var (next, sql) in Migrations.Above(version, typeof(SqliteInitializer).Assembly))
        {
            Execute(writer, sql);
            Execute(writer, $"INSERT INTO schema_version (version) VALUES ({next})");
        }

        return true;
    }

    private static object? Execute(SqliteWriteConnection writer, string sql)
    {
        using var command = new SqliteCommand(sql, writer.Connection);
        return command.ExecuteScalar();
    }
}
