using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Wuts.Domain.Devices;
using Wuts.Storage.Counting;
using Wuts.Storage.PostgreSql;
using Wuts.Storage.Sql;
using Wuts.Storage.Sqlite;
using Wuts.Testing;

namespace Wuts.Storage.Tests.Fixtures;

/// <summary>A database that understands SQL.</summary>
public abstract class SqlStorage : StorageFixture
{
    /// <summary>The first value of each row, as text.</summary>
    public async Task<string?[]> QueryAsync(string sql) =>
        [.. await Get<SqlDatabase>().ReadAsync(sql, [], static row => row.TextOrNull(0), default)];

    public async Task<long> CountAsync(string from) =>
        (await Get<SqlDatabase>().ReadAsync($"SELECT count(*) FROM {from}", [], static row => row.Long(0), default))[0];

    public Task FoldCountsAsync() => Get<MessageCountFolder>().FoldAsync(default);

    public override async Task<string?> StoredCredentialsAsync(DeviceKey device) =>
        Assert.Single(await QueryAsync($"SELECT credentials FROM devices WHERE tenant_id = '{device.TenantId}' AND id = '{device.DeviceId}'"));

    public override Task<long> CountMessagesAsync(string tenantId) => CountAsync($"messages WHERE tenant_id = '{tenantId}'");

    public override Task<long> CountTimelineAsync(string tenantId) => CountAsync($"message_events WHERE tenant_id = '{tenantId}'");

    public override Task<long> CountOrphansAsync(DeviceKey device) =>
        CountAsync($"webhook_inbox WHERE tenant_id = '{device.TenantId}' AND device_id = '{device.DeviceId}' AND kind = 'orphan'");

    public override Task<long> CountAttemptsAsync(string endpointId) => CountAsync($"webhook_attempts WHERE endpoint_id = '{endpointId}'");

    public override async Task<long> CountEndpointAsync(string endpointId)
    {
        var rows = await CountAsync($"webhook_endpoints WHERE id = '{endpointId}'");
        foreach (var table in new[] { "sequences", "watermarks", "events", "retries", "attempts", "subscriptions" })
        {
            rows += await CountAsync($"webhook_{table} WHERE endpoint_id = '{endpointId}'");
        }

        return rows;
    }

    public override async Task<ImmutableArray<long[]>> CountsOfAsync(string tenantId, params string[] columns)
    {
        await FoldCountsAsync();
        return await Get<SqlDatabase>().ReadAsync(
            $"SELECT {string.Join(", ", columns)} FROM message_counts WHERE tenant_id = @tenant ORDER BY minute",
            [("tenant", tenantId)],
            row => columns.Select((_, i) => row.Long(i)).ToArray(),
            default);
    }
}

public sealed class SqliteStorage : SqlStorage
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wuts-storage-");

    public string ConnectionString => $"Data Source={_folder.FullName}/data/wuts.db";

    public override Task InitializeAsync()
    {
        StartProcess();
        return base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    protected override void AddStorage(IServiceCollection services) => services.AddSqliteStorage(ConnectionString);
}

public sealed class PostgreSqlStorage : SqlStorage
{
    public string ConnectionString { get; private set; } = "";

    public override async Task InitializeAsync()
    {
        if (PostgreSqlServer.UnavailableBecause is not null)
        {
            return; // every test of the class is skipped
        }

        ConnectionString = await (await PostgreSqlServer.Shared).CreateDatabaseAsync();
        StartProcess();
        await base.InitializeAsync();
    }

    protected override void AddStorage(IServiceCollection services) => services.AddPostgreSqlStorage(ConnectionString);
}
