using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Wuts.Grains.Devices;
using Wuts.Grains.Hosting;
using Wuts.Grains.Tenants;
using Wuts.Grains.Webhooks;
using Wuts.Storage;
using Wuts.Transports;

namespace Wuts.Grains;

public static class GrainsServiceCollectionExtensions
{
    /// <summary>Adds what the grains need besides stores and transports, and the sweep that wakes them.</summary>
    public static IServiceCollection AddWutsGrains(this IServiceCollection services)
    {
        services.AddOptions<SendingOptions>().BindConfiguration(SendingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<PermitOptions>().BindConfiguration(PermitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IChance>(_ => SeededChance.FromSystem());
        services.AddSingleton<IDeviceEventSink, DeviceEventSink>();
        services.AddSingleton<IOutboxListener, OutboxWaker>();
        services.AddHostedService<Sweep>();
        return services;
    }
}
