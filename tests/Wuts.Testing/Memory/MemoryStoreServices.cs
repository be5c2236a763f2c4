using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Wuts.Storage;
using Wuts.Storage.Sql;
using Wuts.Storage.Writing;

namespace Wuts.Testing.Memory;

/// <summary>Brings a process to a database in memory.</summary>
public static class MemoryStoreServices
{
    /// <summary>
    /// Registers every storage port, with a batch writer of the process's own. The caller also registers <see cref="ISecretProtector"/>
    /// and, if somebody wants to hear of new outbox events, <see cref="IOutboxListener"/>. What stands between the process and the
    /// database (the flush target, the connection, the writer) may be registered before, and is then left as it is.
    /// </summary>
    /// <param name="flushes">Where the writer's flushes go, if the test wants a say in them.</param>
    /// <param name="writes">Where the batch writer's loop runs; the thread pool if none is given.</param>
    public static IServiceCollection AddMemoryStores(
        this IServiceCollection services, MemoryDatabase database, ScriptedFlushTarget? flushes = null, TaskScheduler? writes = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<BatchWriterOptions>();
        services.AddSingleton(database);
        services.TryAddSingleton<IFlushTarget>(_ => flushes is null ? new MemoryFlushTarget(database) : flushes);
        services.TryAddSingleton(provider => new BatchWriter(
            provider.GetRequiredService<IFlushTarget>(),
            provider.GetRequiredService<IOptions<BatchWriterOptions>>(),
            provider.GetRequiredService<ILogger<BatchWriter>>(),
            listener: provider.GetService<IOutboxListener>(),
            writes));
        services.TryAddSingleton(provider => new MemoryConnection(database, provider.GetRequiredService<BatchWriter>()));
        services.AddSingleton<IMessageStore>(provider => new MemoryMessageStore(provider.GetRequiredService<MemoryConnection>()));
        services.AddSingleton<IDeviceStore>(provider => new MemoryDeviceStore(
            provider.GetRequiredService<MemoryConnection>(), provider.GetRequiredService<ISecretProtector>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IHealthStore>(provider => new MemoryHealthStore(
            provider.GetRequiredService<MemoryConnection>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ITenantStore>(provider => new MemoryTenantStore(provider.GetRequiredService<MemoryConnection>()));
        services.AddSingleton<ITenantLimitStore>(provider => new MemoryTenantLimitStore(provider.GetRequiredService<MemoryConnection>()));
        services.AddSingleton<ITenantUsageStore>(provider => new MemoryTenantUsageStore(provider.GetRequiredService<MemoryConnection>()));
        services.AddSingleton<IWebhookStore>(provider => new MemoryWebhookStore(provider.GetRequiredService<MemoryConnection>()));
        services.AddSingleton<IBacklogStore>(provider => new MemoryBacklogStore(provider.GetRequiredService<MemoryConnection>()));
        services.AddSingleton<IConsentStore>(provider => new MemoryConsentStore(provider.GetRequiredService<MemoryConnection>()));
        services.AddSingleton<IInboxStore, InboxStore>(); // it only ever writes through the batch writer
        services.AddSingleton<ISettingStore, MemorySettingStore>();
        services.AddSingleton<IStorageInitializer, MemoryInitializer>();
        return services;
    }
}
