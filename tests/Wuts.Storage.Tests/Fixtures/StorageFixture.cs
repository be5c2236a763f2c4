using Microsoft.Extensions.DependencyInjection;
using Wuts.Storage.Counting;
using Wuts.Storage.PostgreSql;
using Wuts.Storage.Sql;
using Wuts.Storage.Sqlite;
using Wuts.Testing;

namespace Wuts.Storage.Tests.Fixtures;

/// <summary>A fresh database, and a process that works on it.</summary>
public abstract class StorageFixture : IAsyncLifetime
{
    private readonly List<ServiceProvider> _processes = [];

    public ManualTimeProvider Clock { get; } = new();

    public RecordingListener Listener { get; } = new();

    public IMessageStore Messages => Get<IMessageStore>();

    public IDeviceStore Devices => Get<IDeviceStore>();

    public IWebhookStore Webhooks => Get<IWebhookStore>();

    public T Get<T>()
        where T : notnull => _processes[0].GetRequiredService<T>();

    public virtual async Task InitializeAsync()
    {
        await Get<IStorageInitializer>().InitializeAsync();
    }

    /// <summary>Another process on the same database.</summary>
    public ServiceProvider StartProcess(Action<BatchWriterOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<ISecretProtector, ReversingProtector>();
        services.AddSingleton<IOutboxListener>(Listener);
        AddStorage(services);
        services.Configure(configure ?? (_ => { }));
        var process = services.BuildServiceProvider();
        _processes.Add(process);
        return process;
    }

    /// <summary>The first value of each row, as text.</summary>
    public async Task<string?[]> QueryAsync(string sql) =>
        [.. await Get<SqlDatabase>().ReadAsync(sql, [], static row => row.TextOrNull(0), default)];

    public async Task<long> CountAsync(string from) =>
        (await Get<SqlDatabase>().ReadAsync($"SELECT count(*) FROM {from}", [], static row => row.Long(0), default))[0];

    public Task FoldCountsAsync() => Get<MessageCountFolder>().FoldAsync(default);

    public virtual async Task DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }
    }

    protected abstract void AddStorage(IServiceCollection services);
}

public sealed class SqliteStorage : StorageFixture
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

public sealed class PostgreSqlStorage : StorageFixture
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

/// <summary>Unreadable enough to tell what is encrypted from what is not.</summary>
internal sealed class ReversingProtector : ISecretProtector
{
    public string Protect(string secret) => "protected:" + new string([.. secret.Reverse()]);

    public string Unprotect(string protectedSecret) => new([.. protectedSecret["protected:".Length..].Reverse()]);
}

public sealed class RecordingListener : IOutboxListener
{
    private readonly List<EndpointKey> _heard = [];

    public void OnCommitted(IReadOnlyCollection<EndpointKey> endpoints)
    {
        lock (_heard)
        {
            _heard.AddRange(endpoints);
        }
    }

    public bool Heard(EndpointKey endpoint)
    {
        lock (_heard)
        {
            return _heard.Contains(endpoint);
        }
    }
}
