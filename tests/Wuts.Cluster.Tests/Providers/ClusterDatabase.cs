using Microsoft.Extensions.DependencyInjection;
using Wuts.Storage;
using Wuts.Storage.PostgreSql;
using Wuts.Testing;

namespace Wuts.Cluster.Tests.Providers;

/// <summary>A database that our migrations made.</summary>
public sealed class ClusterDatabase : IAsyncLifetime
{
    public const string Invariant = "Npgsql";

    public string ConnectionString { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (PostgreSqlServer.UnavailableBecause is not null)
        {
            return; // every test of the class is skipped
        }

        ConnectionString = await (await PostgreSqlServer.Shared).CreateDatabaseAsync();
        await using var services = new ServiceCollection().AddLogging().AddPostgreSqlStorage(ConnectionString).BuildServiceProvider();
        await services.GetRequiredService<IStorageInitializer>().InitializeAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
