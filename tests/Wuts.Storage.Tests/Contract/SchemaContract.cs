using Microsoft.Extensions.DependencyInjection;
using Wuts.Storage.Schema;
using Wuts.Storage.Sql;
using Wuts.Storage.Tests.Fixtures;

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
            var refused = await Assert.ThrowsAsync<StorageUnavailableException>(() => storage.Get<IStorageInitializer>().InitializeAsync());
            Assert.Contains("version 1000", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            await database.WriteAsync("DELETE FROM schema_version WHERE version = 1000", [], default);
        }
    }
}

public sealed class SqliteSchemaTests(SqliteStorage storage) : SchemaContract(storage), IClassFixture<SqliteStorage>;

[NeedsPostgreSql]
public sealed class PostgreSqlSchemaTests(PostgreSqlStorage storage) : SchemaContract(storage), IClassFixture<PostgreSqlStorage>;
