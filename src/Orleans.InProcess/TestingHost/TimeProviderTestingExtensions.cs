using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans.TestingHost;

public static class TimeProviderTestingExtensions
{
    /// <summary>
    /// Gives all areas of a silo this clock, but for grain timers: those stay with the silo's <see cref="TimeProvider"/>. A test
    /// that moves the silo's clock by hand keeps timeouts and idle collection out of it that way.
    /// </summary>
    public static IServiceCollection UseTimeProviderForBackgroundAreas(this IServiceCollection services, TimeProvider timeProvider)
    {
        services.AddKeyedSingleton(KeyedService.AnyKey, (_, _) => timeProvider);
        services.AddKeyedSingleton(TimeProviderNames.Grains, static (provider, _) => provider.GetRequiredService<TimeProvider>());
        return services;
    }
}
