using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Wuts.Storage.PostgreSql;
using Wuts.Storage.Schema;
using Wuts.Storage.Tests.Fixtures;
using Wuts.Testing;

namespace Wuts.Storage.Tests.PostgreSql;

/// <summary>What Orleans' providers read at start, by key. That the statements do what they promise is for Wuts.Cluster.Tests to show.</summary>
[NeedsPostgreSql]
public sealed class ClusterMigrationTests
{
    private static readonly string[] Keys =
    [
        "CleanupDefunctSiloEntriesKey", "ClearStorageKey", "DeleteMembershipTableEntriesKey", "DeleteReminderRowKey", "DeleteReminderRowsKey",
        "DeleteStorageKey", "GatewaysQueryKey", "InsertMembershipKey", "InsertMembershipVersionKey", "MembershipReadAllKey",
        "MembershipReadRowKey", "ReadFromStorageKey", "ReadRangeRows1Key", "ReadRangeRows2Key", "ReadReminderRowKey", "ReadReminderRowsKey",
        "UpdateIAmAlivetimeKey", "UpdateMembershipKey", "UpsertReminderRowKey", "WriteToStorageKey",
    ];

    [StorageFact]
    public async Task A_database_from_before_clusters_gets_what_they_need_and_keeps_its_rows()
    {
        var connectionString = await (await PostgreSqlServer.Shared).CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(connectionString);
        await InstallVersionTwo(source);
        await ExecuteAsync(source, "INSERT INTO tenants (id, name, created_at, updated_at) VALUES ('acme', 'Acme', now(), now())");

        await using var process = new ServiceCollection().AddPostgreSqlStorage(connectionString).AddLogging().BuildServiceProvider();
        await process.GetRequiredService<IStorageInitializer>().InitializeAsync();

        Assert.Equal(["1", "2", "3"], await ReadAsync(source, "SELECT version::text FROM schema_version WHERE version <= 3 ORDER BY version"));
        Assert.Equal(["acme"], await ReadAsync(source, "SELECT id FROM tenants"));
        Assert.Equal(Keys, await ReadAsync(source, "SELECT QueryKey FROM OrleansQuery ORDER BY QueryKey"));
    }

    private static async Task InstallVersionTwo(NpgsqlDataSource source)
    {
        await ExecuteAsync(source, "CREATE TABLE schema_version (version int PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())");
        foreach (var (version, sql) in Migrations.Above(0, typeof(PostgreSqlInitializer).Assembly).Take(2))
        {
            await ExecuteAsync(source, sql);
            await ExecuteAsync(source, $"INSERT INTO schema_version (version) VALUES ({version})");
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<string>> ReadAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
