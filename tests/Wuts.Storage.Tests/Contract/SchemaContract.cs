using Microsoft.Extensions.DependencyInjection;
using Wuts.Storage.PostgreSql;
using Wuts.Storage.Schema;
using Wuts.Storage.Sql;
using Wuts.Storage.Sqlite;
using Wuts.Storage.Tests.Fixtures;
using Wuts.Testing;

namespace Wuts.Storage.Tests.Contract;

public abstract class SchemaContract(SqlStorage storage)
{
    [StorageFact]
    public async Task Many_processes_may_start_at_once_and_again()
    {
        var initializers = Enumerable.Range(0, 4).Select(_ => storage.StartProcess().GetRequiredService<IStorageInitializer>()).ToArray();

        await Task.WhenAll(initializers.Select(initializer => initializer.InitializeAsync()));

        Assert.Equal(Migrations.Current, await storage.CountAsync("schema_version"));
        Assert.True(await initializers[0].IsHealthyAsync());
    }

    [StorageFact]
    public async Task A_database_of_a_newer_program_is_refused()
    {
        var database = storage.Get<SqlDatabase>();
        await database.WriteAsync("INSERT INTO schema_version (version) VALUES (1000)", [], default);
        try
        {
            foreach (var start in (Func<CancellationToken, Task>[])[storage.Get<IStorageInitializer>().InitializeAsync, storage.Get<IStorageInitializer>().VerifyAsync])
            {
                var refused = await Assert.ThrowsAsync<StorageUnavailableException>(() => start(default));
                Assert.Contains("version 1000", refused.Message, StringComparison.Ordinal);
            }
        }
        finally
        {
            await database.WriteAsync("DELETE FROM schema_version WHERE version = 1000", [], default);
        }
    }

    [StorageFact]
    public async Task A_current_database_is_verified() => await storage.Get<IStorageInitializer>().VerifyAsync();

    [StorageFact]
    public async Task A_database_of_an_older_program_is_not_verified_nor_changed()
    {
        var database = storage.Get<SqlDatabase>();
        await database.WriteAsync($"DELETE FROM schema_version WHERE version = {Migrations.Current}", [], default);
        try
        {
            var refused = await Assert.ThrowsAsync<StorageUnavailableException>(() => storage.Get<IStorageInitializer>().VerifyAsync());

            Assert.Contains($"schema version {Migrations.Current - 1}; this program needs version {Migrations.Current}", refused.Message, StringComparison.Ordinal);
            Assert.Contains("wuts migrate", refused.Message, StringComparison.Ordinal);
            Assert.Equal(Migrations.Current - 1, await storage.CountAsync("schema_version"));
        }
        finally
        {
            await database.WriteAsync($"INSERT INTO schema_version (version) VALUES ({Migrations.Current})", [], default);
        }
    }

    [StorageFact]
    public async Task An_empty_database_is_not_verified_until_it_has_been_brought_up_to_date()
    {
        await using var process = await OnEmptyDatabaseAsync();
        var initializer = process.GetRequiredService<IStorageInitializer>();

        for (var again = 0; again < 2; again++)
        {
            var refused = await Assert.ThrowsAsync<StorageUnavailableException>(() => initializer.VerifyAsync());
            Assert.Contains("schema version 0", refused.Message, StringComparison.Ordinal);
        }

        await initializer.InitializeAsync();
        await initializer.VerifyAsync();
    }

    [StorageFact]
    public async Task A_database_that_is_not_there_is_not_verified()
    {
        await using var process = OnNothing();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => process.GetRequiredService<IStorageInitializer>().VerifyAsync());
    }

    protected static ServiceCollection NewProcess()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        return services;
    }

    /// <summary>A process on a new database.</summary>
    protected abstract Task<ServiceProvider> OnEmptyDatabaseAsync();

    /// <summary>A process on a database that cannot be reached.</summary>
    protected abstract ServiceProvider OnNothing();
}

public sealed class SqliteSchemaTests(SqliteStorage storage) : SchemaContract(storage), IClassFixture<SqliteStorage>
{
    protected override Task<ServiceProvider> OnEmptyDatabaseAsync() => Task.FromResult(On("another.db"));

    protected override ServiceProvider OnNothing() => On("no-folder/of-this/name.db");

    private ServiceProvider On(string file) =>
        NewProcess().AddSqliteStorage(storage.ConnectionString.Replace("wuts.db", file, StringComparison.Ordinal)).BuildServiceProvider();
}

[NeedsPostgreSql]
public sealed class PostgreSqlSchemaTests(PostgreSqlStorage storage) : SchemaContract(storage), IClassFixture<PostgreSqlStorage>
{
    protected override async Task<ServiceProvider> OnEmptyDatabaseAsync() =>
        NewProcess().AddPostgreSqlStorage(await (await PostgreSqlServer.Shared).CreateDatabaseAsync()).BuildServiceProvider();

    protected override ServiceProvider OnNothing() => NewProcess().AddPostgreSqlStorage("Host=127.0.0.1;Port=1;Username=wuts;Timeout=5").BuildServiceProvider();
}
