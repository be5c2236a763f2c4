using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans;
using Wuts.Grains.Devices;
using Wuts.Grains.Hosting;
using Wuts.Grains.Messages;
using Wuts.Grains.Telemetry;
using Wuts.Grains.Tenants;
using Wuts.Grains.Webhooks;
using Wuts.Storage;
using Wuts.Transports;

namespace Wuts.Grains;

public static class GrainsServiceCollectionExtensions
{
    /// <summary>Adds what the grains need besides stores and transports, and the sweep that wakes them. A cluster adds its own <see cref="ISweepShare"/> before.</summary>
    public static IServiceCollection AddWutsGrains(this IServiceCollection services)
    {
        services.AddOptions<SendingOptions>().BindConfiguration(SendingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<PermitOptions>().BindConfiguration(PermitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<MetricOptions>().BindConfiguration(MetricOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddMetrics();
        services.AddSingleton<TenantTag>();
        services.AddSingleton<MessageMetrics>();
        services.AddSingleton<DeviceGauges>();
        services.AddSingleton<DeviceMetrics>();
        services.AddSingleton<EndpointMetrics>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IChance>(_ => SeededChance.FromSystem());
        services.TryAddSingleton<ISweepShare, WholeSweep>();
        services.AddSingleton<LocalDevices>();
        services.AddSingleton(provider => new DeviceDrain(
            provider.GetRequiredService<LocalDevices>(),
            provider.GetRequiredService<IGrainFactory>(),
            provider.GetService<IRelocation>(),
            provider.GetRequiredService<ILogger<DeviceDrain>>()));
        services.AddHostedService<Sweep>();
        return services.AddGrainCallers();
    }

    /// <summary>Adds what a process without grains needs to bring news to them: a gateway.</summary>
    public static IServiceCollection AddGrainCallers(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IDeviceEventSink, DeviceEventSink>();
        services.AddSingleton<IOutboxListener, OutboxWaker>();
        return services;
    }
}
