using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Wuts.Transports.Simulator.Control;

namespace Wuts.Transports.Simulator;

/// <summary>Puts the simulated network into a host.</summary>
public static class SimulatorRegistration
{
    /// <summary>
    /// Adds the network, its transport, and a service that brings its events to the host's <see cref="IDeviceEventSink"/> while
    /// the host runs. Adds nothing when <c>Wuts:Simulator:Enabled</c> is <c>false</c>.
    /// </summary>
    /// <param name="configuration">The whole configuration, in which <see cref="SimulatorOptions.Section"/> is.</param>
    public static IServiceCollection AddSimulator(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(SimulatorOptions.Section);
        if (!section.GetValue(nameof(SimulatorOptions.Enabled), true))
        {
            return services;
        }

        services.AddOptions<SimulatorOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(s => new SimulatedNetwork(
            s.GetRequiredService<IOptions<SimulatorOptions>>().Value,
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<SimulatedNetwork>>()));
        services.AddSingleton<IDeviceTransport, SimulatorTransport>();
        services.AddSingleton<WebhookSink>();
        services.AddHostedService<SimulatorService>();
        return services;
    }
}
