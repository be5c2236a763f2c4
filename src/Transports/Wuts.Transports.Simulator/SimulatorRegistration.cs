using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Wuts.Transports.Simulator.Control;
using Wuts.Transports.Simulator.Phones;
using Wuts.Transports.Simulator.Remote;

namespace Wuts.Transports.Simulator;

/// <summary>Puts the simulated network, or the way to one, into a host. Each method takes the whole configuration, in which <see cref="SimulatorOptions.Section"/> is.</summary>
public static class SimulatorRegistration
{
    /// <summary>
    /// Adds the network, its transport, and a service that brings its events to the host's <see cref="IDeviceEventSink"/> while
    /// the host runs. Adds nothing when <c>Wuts:Simulator:Enabled</c> is <c>false</c>.
    /// </summary>
    public static IServiceCollection AddSimulator(this IServiceCollection services, IConfiguration configuration)
    {
        if (!configuration.GetSection(SimulatorOptions.Section).GetValue(nameof(SimulatorOptions.Enabled), true))
        {
            return services;
        }

        services.AddSimulatorOptions(configuration);
        services.AddNetwork(devicesElsewhere: false, s => s.GetRequiredService<IDeviceEventSink>());
        services.AddSingleton<IDeviceTransport, SimulatorTransport>();
        services.AddSingleton<ISimulatedPhones, PhonesInProcess>();
        return services;
    }

    /// <summary>
    /// Adds the network as a process of its own, and a service that brings its events to the gateways of
    /// <c>Wuts:Simulator:Events</c> while the host runs.
    /// </summary>
    public static IServiceCollection AddSimulatorNetwork(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSimulatorOptions(configuration, options => options.CheckNetwork());
        services.AddSingleton<HttpEventSink>();
        services.AddNetwork(devicesElsewhere: true, s => s.GetRequiredService<HttpEventSink>());
        return services;
    }

    /// <summary>
    /// Adds the transport to a network in another process, for silos, and that network's phones, for a demonstration. Adds nothing
    /// without <c>Wuts:Simulator:Url</c>.
    /// </summary>
    public static IServiceCollection AddRemoteSimulator(this IServiceCollection services, IConfiguration configuration)
    {
        if (string.IsNullOrWhiteSpace(configuration.GetSection(SimulatorOptions.Section)[nameof(SimulatorOptions.Url)]))
        {
            return services;
        }

        services.AddSimulatorOptions(configuration, options => options.CheckRemote());
        services.AddSingleton<IDeviceTransport, RemoteSimulatorTransport>();
        services.AddSingleton<ISimulatedPhones, RemotePhones>();
        return services;
    }

    private static void AddNetwork(this IServiceCollection services, bool devicesElsewhere, Func<IServiceProvider, IDeviceEventSink> findSink)
    {
        services.AddSingleton(s => new SimulatedNetwork(
            s.GetRequiredService<IOptions<SimulatorOptions>>().Value,
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<SimulatedNetwork>>(),
            devicesElsewhere));
        services.AddSingleton<WebhookSink>();
        services.AddSingleton<IHostedService>(s => new SimulatorService(s.GetRequiredService<SimulatedNetwork>(), () => findSink(s)));
    }

    private static void AddSimulatorOptions(
        this IServiceCollection services, IConfiguration configuration, Func<SimulatorOptions, IEnumerable<string>>? check = null)
    {
        services.AddOptions<SimulatorOptions>().Bind(configuration.GetSection(SimulatorOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        if (check is not null)
        {
            services.AddSingleton<IValidateOptions<SimulatorOptions>>(new RoleValidation(check));
        }

        services.TryAddSingleton(TimeProvider.System);
    }

    /// <summary>What a process needs of the options for its part.</summary>
    private sealed class RoleValidation(Func<SimulatorOptions, IEnumerable<string>> check) : IValidateOptions<SimulatorOptions>
    {
        public ValidateOptionsResult Validate(string? name, SimulatorOptions options) =>
            check(options).ToArray() is { Length: > 0 } errors ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }
}
