using System.Collections.Immutable;
using Npgsql;
using Wuts.Storage.Sql;

namespace Wuts.Storage.PostgreSql;

/// <summary>The connections of everything but the batch writer. One text is one round trip and one transaction.</summary>
internal sealed class PostgreSqlDatabase : SqlDatabase, IAsyncDisposable
{
    // Few: what waits for a connection here would otherwise wait for a processor there.
    private const int MaxPoolSize = 16;

    private readonly NpgsqlDataSource _source;

    public PostgreSqlDatabase(string connectionString)
        : base(new PostgreSqlDialect())
    {
        // No session state is ever set on these connections, so there is none to reset when one is given back.
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { NoResetOnClose = true };
        if (settings.MaxAutoPrepare == 0)
        {
            settings.MaxAutoPrepare = 50;
        }

        if (!settings.ShouldSerialize("Maximum Pool Size"))
        {
            settings.MaxPoolSize = MaxPoolSize;
        }

        _source = NpgsqlDataSource.Create(settings);
        Description = $"PostgreSQL, {settings.Host}:{settings.Port}/{settings.Database}";
    }

    public override string Description { get; }

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => _source.OpenConnectionAsync(cancellationToken);

    public override Task<ImmutableArray<T>> ReadAsync<T>(
        string sql, (string Name, object? Value)[] parameters, Func<SqlRow, T> map, CancellationToken cancellationToken) =>
        ExecuteAsync(sql, parameters, map, cancellationToken);

    public override Task<ImmutableArray<T>> WriteAsync<T>(
        string sql, (string Name, object? Value)[] parameters, Func<SqlRow, T> map, CancellationToken cancellationToken) =>
        ExecuteAsync(sql, parameters, map, cancellationToken);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<ImmutableArray<T>> ExecuteAsync<T>(
        string sql, (string Name, object? Value)[] parameters, Func<SqlRow, T> map, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = _source.CreateCommand(sql);
            return await RunAsync(command, parameters, map, cancellationToken);
        }
        catch (NpgsqlException exception) when (PostgreSqlErrors.IsUnavailable(exception))
        {
            throw new StorageUnavailableException($"{Description} does not answer: {exception.Message}", exception);
        }
    }
}
