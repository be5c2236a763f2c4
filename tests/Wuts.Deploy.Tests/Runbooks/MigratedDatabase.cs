using Microsoft.Extensions.DependencyInjection;
using Wuts.Storage;
using Wuts.Storage.PostgreSql;
using Wuts.Testing;

namespace Wuts.Deploy.Tests.Runbooks;

/// <summary>A PostgreSQL database with this version's schema, and the stores that work on it.</summary>
public sealed class MigratedDatabase : IAsyncLifetime
{
    private ServiceProvider? _services;

    public string ConnectionString { get; private set; } = "";

    public T Get<T>()
        where T : notnull => _services!.GetRequiredService<T>();

    public async Task InitializeAsync()
    {
        if (Psql.UnavailableBecause is not null)
        {
            return; // every test that needs it is skipped
        }

        ConnectionString = await (await PostgreSqlServer.Shared).CreateDatabaseAsync();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ISecretProtector, NoSecrets>();
        services.AddPostgreSqlStorage(ConnectionString);
        _services = services.BuildServiceProvider();
        await Get<IStorageInitializer>().InitializeAsync(default);
    }

    public async Task DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }
    }

    private sealed class NoSecrets : ISecretProtector
    {
        public string Protect(string secret) => throw new NotSupportedException("No test here stores a secret.");

        public string Unprotect(string protectedSecret) => throw new NotSupportedException("No test here stores a secret.");
    }
}
