using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Wuts.Storage.Counting;
using Wuts.Storage.Sql;
using Wuts.Storage.Writing;

namespace Wuts.Storage;

/// <summary>Registers what both databases share. Each adds its <see cref="SqlDatabase"/>, <see cref="IFlushTarget"/> and initializer.</summary>
internal static class StorageServices
{
    public static IServiceCollection AddStores(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<BatchWriterOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new BatchWriter(
            provider.GetRequiredService<IFlushTarget>(),
            provider.GetRequiredService<IOptions<BatchWriterOptions>>(),
            provider.GetRequiredService<ILogger<BatchWriter>>(),
            provider.GetService<IOutboxListener>()));
        services.AddSingleton<IMessageStore, MessageStore>();
        services.AddSingleton<IDeviceStore, DeviceStore>();
        services.AddSingleton<IInboxStore, InboxStore>();
        services.AddSingleton<IHealthStore, HealthStore>();
        services.AddSingleton<ITenantStore, TenantStore>();
        services.AddSingleton<ITenantLimitStore, TenantLimitStore>();
        services.AddSingleton<ITenantUsageStore, TenantUsageStore>();
        services.AddSingleton<ISettingStore, SettingStore>();
        services.AddSingleton<IWebhookStore, WebhookStore>();
        services.AddSingleton<IBacklogStore, BacklogStore>();
        services.AddSingleton<IConsentStore, ConsentStore>();
        services.AddSingleton<MessageCountFolder>();
        services.AddHostedService(provider => provider.GetRequiredService<MessageCountFolder>());
        return services;
    }
}
