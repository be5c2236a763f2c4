using System.Text.Json;
using Npgsql;
using Wuts.Storage.Writing;

namespace Wuts.Storage.PostgreSql.Writing;

/// <summary>A flush is one round trip: statements without a Sync between them are one transaction.</summary>
internal sealed class PostgreSqlFlushTarget : IFlushTarget, IAsyncDisposable
{
    // Shared by flushes, and taken alone by whoever must know that none is under way with an older view of the subscriptions.
    // It stands before the flush's statement, whose snapshot is therefore newer than the wait.
    private static readonly string ShareFlushLock = $"SELECT pg_advisory_xact_lock_shared({PostgreSqlDialect.FlushLock})";

    private readonly NpgsqlDataSource _source;
    private NpgsqlConnection? _connection;

    public PostgreSqlFlushTarget(string connectionString) => _source = NpgsqlDataSource.Create(SettingsFrom(connectionString));

    /// <summary>The settings of the writer's connection.</summary>
    public static NpgsqlConnectionStringBuilder SettingsFrom(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "wuts-writer",
            MaxAutoPrepare = 20,
            AutoPrepareMinUsages = 1,
            CommandTimeout = 15,
        };

        // One plan, made once, that does not depend on what the tables looked like then.
        settings.Options = string.Join(' ', settings.Options,
            "-c plan_cache_mode=force_generic_plan -c enable_hashjoin=off -c enable_mergejoin=off -c enable_seqscan=off",
            "-c enable_bitmapscan=off -c jit=off -c max_parallel_workers_per_gather=0").Trim();
        return settings;
    }

    public async Task<FlushOutcome> FlushAsync(IReadOnlyList<StorageWrite> writes)
    {
        try
        {
            var rows = new FlushRows(writes);
            _connection ??= await _source.OpenConnectionAsync();
            return await FlushAsync(_connection, rows);
        }
        catch (NpgsqlException exception) when (PostgreSqlErrors.IsTransient(exception))
        {
            throw new FlushRolledBackException(transient: true, exception);
        }
        catch (NpgsqlException exception) when (PostgreSqlErrors.IsRefusal(exception))
        {
            throw new FlushRolledBackException(transient: false, exception);
        }
        catch (Exception exception)
        {
            await CloseAsync();
            if (IsOurs(exception))
            {
                throw new FlushRolledBackException(transient: false, exception);
            }

            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _source.DisposeAsync();
    }

    // A value that cannot be rendered or encoded. The flush was not sent to its end, so it cannot have been committed.
    private static bool IsOurs(Exception exception) =>
        exception is ArgumentException or InvalidCastException or JsonException or NotSupportedException or OverflowException;

    private static async Task<FlushOutcome> FlushAsync(NpgsqlConnection connection, FlushRows rows)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (rows.Items.Count > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(ShareFlushLock));
            if (rows.Consenting.Count > 0)
            {
                batch.BatchCommands.Add(ShareConsents(rows.Consenting));
            }

            batch.BatchCommands.Add(FlushStatement.Command(rows));
        }

        if (rows.Progress.Count > 0)
        {
            foreach (var command in ProgressStatements.Commands(rows))
            {
                batch.BatchCommands.Add(command);
            }
        }

        long[] missing = [];
        EndpointKey[] endpoints = [];
        await using var reader = await batch.ExecuteReaderAsync();
        if (rows.Items.Count > 0)
        {
            for (var locks = rows.Consenting.Count > 0 ? 2 : 1; locks > 0; locks--)
            {
                await reader.NextResultAsync();
            }

            await reader.ReadAsync();
            missing = reader.IsDBNull(0) ? [] : reader.GetFieldValue<long[]>(0);
            endpoints = reader.IsDBNull(1)
                ? []
                : [.. reader.GetFieldValue<string[]>(2).Zip(reader.GetFieldValue<string[]>(1), (tenant, endpoint) => new EndpointKey(tenant, endpoint))];
        }

        // Only past the last result is the transaction committed, or its error known.
        while (await reader.NextResultAsync())
        {
        }

        return new FlushOutcome(rows.Stored(missing), endpoints);
    }

    // Also before the flush's statement: who has changed a consent since has committed, and is seen through it.
    private static NpgsqlBatchCommand ShareConsents(List<(string TenantId, bool Changes)> tenants) => new(PostgreSqlDialect.ShareConsents)
    {
        Parameters =
        {
            new() { Value = tenants.ConvertAll(tenant => tenant.TenantId).ToArray(), DataTypeName = "text[]" },
            new() { Value = tenants.ConvertAll(tenant => tenant.Changes).ToArray(), DataTypeName = "boolean[]" },
        },
    };

    private async Task CloseAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }
}
