using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Wuts.Domain.Devices;
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

    /// <summary>What stands where a device's credentials are stored.</summary>
    public abstract Task<string?> StoredCredentialsAsync(DeviceKey device);

    /// <summary>How many messages a tenant has.</summary>
    public abstract Task<long> CountMessagesAsync(string tenantId);

    /// <summary>How many lines the timelines of a tenant's messages have.</summary>
    public abstract Task<long> CountTimelineAsync(string tenantId);

    /// <summary>How many receipts of a device nobody knew.</summary>
    public abstract Task<long> CountOrphansAsync(DeviceKey device);

    /// <summary>How many delivery attempts of an endpoint are kept.</summary>
    public abstract Task<long> CountAttemptsAsync(string endpointId);

    /// <summary>How many rows of any kind are about an endpoint.</summary>
    public abstract Task<long> CountEndpointAsync(string endpointId);

    /// <summary>What was counted of a tenant's messages, folded: some columns of each minute's row.</summary>
    public abstract Task<ImmutableArray<long[]>> CountsOfAsync(string tenantId, params string[] columns);

    public virtual async Task DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }
    }

    protected abstract void AddStorage(IServiceCollection services);
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
