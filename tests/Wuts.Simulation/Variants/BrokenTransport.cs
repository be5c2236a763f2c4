using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;
using Orleans.InProcess.Simulation;
using Wuts.Simulation.Network;
using Wuts.Transports;

namespace Wuts.Simulation.Variants;

/// <summary>A mistake in the transport.</summary>
internal abstract class BrokenTransport : Variant
{
    public sealed override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Services.Replace(ServiceDescriptor.Singleton<IDeviceTransport>(NewTransport(network, node)));

    protected abstract SimulatedTransport NewTransport(WhatsApp network, SimulatedNode node);
}
