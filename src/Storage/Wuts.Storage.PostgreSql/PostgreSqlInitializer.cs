using Npgsql;
using Wuts.Storage.Schema;

namespace Wuts.Storage.PostgreSql;

internal sealed class PostgreSqlInitializer(PostgreSqlDatabase database) : IStorageInitializer
{
    public string Description => database.Description;

    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await MigrateAsync(cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw new StorageUnavailableException($"{Description} cannot be brought up to date: {exception.Message}", exception);
        }
    }

    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            var known = await ExecuteAsync(connection, "SELECT to_regclass('schema_version') IS NOT NULL", cancellationToken) is true;
            Migrations.Verify(known ? await VersionAsync(connection, cancellationToken) : 0);
        }
        catch (NpgsqlException exception)
        {
            throw new StorageUnavailableException($"{Description} cannot be reached: {exception.Message}", exception);
        }
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

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({PostgreSqlDialect.MigrationLock})", cancellationToken);
        await ExecuteAsync(
            connection,
            "CREATE TABLE IF NOT EXISTS schema_version (version int PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())",
            cancellationToken);
        foreach (var (next, sql) in Migrations.Above(await VersionAsync(connection, cancellationToken), typeof(PostgreSqlInitializer).Assembly))
        {
            await ExecuteAsync(connection, sql, cancellationToken);
            await ExecuteAsync(connection, $"INSERT INTO schema_version (version) VALUES ({next})", cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (int)(await ExecuteAsync(connection, "SELECT coalesce(max(version), 0) FROM schema_version", cancellationToken))!;

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
