using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.InProcess;

namespace Orleans.Hosting;

/// <summary>Makes calls part of the traces in which they are made.</summary>
public static class ActivityPropagationExtensions
{
    /// <summary>Calls to the silo's grains, and those that they make, are spans of their caller's trace.</summary>
    public static ISiloBuilder AddActivityPropagation(this ISiloBuilder builder) =>
        builder.ConfigureServices(static services => services.TryAddSingleton<CallTracing>());

    /// <summary>Calls of the client pass on what it is in the middle of.</summary>
    public static IClientBuilder AddActivityPropagation(this IClientBuilder builder) =>
        builder.ConfigureServices(static services => services.TryAddSingleton<CallTracing>());
}
