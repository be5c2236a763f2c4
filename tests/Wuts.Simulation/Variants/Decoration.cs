using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace Wuts.Simulation.Variants;

internal static class Decoration
{
    /// <summary>Puts something around a service that the silo has already.</summary>
    public static void Decorate<T>(this ISiloBuilder silo, Func<IServiceProvider, T, T> wrap)
        where T : class
    {
        var whole = silo.Services.Last(service => service.ServiceType == typeof(T));
        silo.Services.Remove(whole);
        silo.Services.AddSingleton(services => wrap(services, (T)Make(services, whole)));
    }

    private static object Make(IServiceProvider services, ServiceDescriptor whole) =>
        whole.ImplementationInstance
        ?? whole.ImplementationFactory?.Invoke(services)
        ?? ActivatorUtilities.CreateInstance(services, whole.ImplementationType!);
}
