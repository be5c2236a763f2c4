using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Wuts.Domain.Compliance;
using Wuts.Grains.Compliance;
using Wuts.Grains.Devices;
using Wuts.Grains.Hosting;
using Wuts.Grains.Messages;
using Wuts.Grains.Pacing;
using Wuts.Grains.Quotas;
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
        services.AddOptions<TierOptions>().ValidateOnStart();
        services.AddSingleton<TierReader>();
        services.AddSingleton<IConfigureOptions<TierOptions>>(provider => provider.GetRequiredService<TierReader>());
        services.AddSingleton<IValidateOptions<TierOptions>>(provider => provider.GetRequiredService<TierReader>());
        services.AddOptions<PoolOptions>().BindConfiguration(PoolOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddRatePool(RatePoolOptions.Dispatch);
        services.AddOptions<PaceOptions>().BindConfiguration(PaceOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<PaceOptions>, PaceOptionsValidator>();
        services.AddOptions<WarmUpOptions>().BindConfiguration(WarmUpOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<MetricOptions>().BindConfiguration(MetricOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ConsentOptions>().BindConfiguration(ConsentOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider =>
        {
            var words = provider.GetRequiredService<IOptions<ConsentOptions>>().Value;
            return ConsentKeywords.BuiltIn.With(words.OptOutKeywords, words.OptInKeywords);
        });
        services.AddMetrics();
        services.AddSingleton<TenantTag>();
        services.AddSingleton<MessageMetrics>();
        services.AddSingleton<DeviceGauges>();
        services.AddSingleton<DeviceMetrics>();
        services.AddSingleton<EndpointMetrics>();
        services.AddSingleton<PoolMetrics>();
        services.AddSingleton<Gates>();
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

    /// <summary>
    /// Adds a rate that the whole cluster shares, by name: its options are in <c>Wuts:Pools:{name}</c>, and whoever is to stay within it asks
    /// the <see cref="ICapacityPoolGrain"/> of that name. So a transport adds a budget that several numbers share.
    /// </summary>
    public static IServiceCollection AddRatePool(this IServiceCollection services, string name)
    {
        services.AddOptions<RatePoolOptions>(name).BindConfiguration(RatePoolOptions.SectionOf(name)).ValidateDataAnnotations().ValidateOnStart();
        return services;
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
