using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;
using Orleans.InProcess.Simulation;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Simulation.Network;
using Wuts.Simulation.Runner;
using Wuts.Simulation.Variants;
using Wuts.Transports;

namespace Wuts.Simulation.Tests;

public sealed class EscapeTests
{
    [Fact]
    public void A_transport_that_goes_to_the_thread_pool_fails_the_run_which_says_where() =>
        FailsNaming(nameof(PoolTransport), new Escaping(static (network, silo) => new PoolTransport(network, silo)));

    [Fact]
    public void A_transport_that_leaves_its_turn_fails_the_run_which_says_where() =>
        FailsNaming(nameof(LooseTransport), new Escaping(static (network, silo) => new LooseTransport(network, silo)));

    private static void FailsNaming(string who, Variant variant)
    {
        var exception = Assert.Throws<SimulationException>(() => new Replay(1, variant).Run());

        Assert.Contains("has escaped", exception.Message, StringComparison.Ordinal);
        Assert.Contains(who, exception.Message, StringComparison.Ordinal);
    }

    private sealed class Escaping(Func<WhatsApp, SimulatedNode, IDeviceTransport> transport) : Variant
    {
        public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) => 
            silo.Services.Replace(ServiceDescriptor.Singleton(transport(network, node)));
    }

    private sealed class PoolTransport(WhatsApp network, SimulatedNode silo) : SimulatedTransport(network, silo)
    {
        public override async Task<SendOutcome> SendAsync(DeviceKey device, OutboundMessage message, CancellationToken cancellationToken)
        {
            await Task.Run(static () => { }, CancellationToken.None);
            return await base.SendAsync(device, message, cancellationToken);
        }
    }

    private sealed class LooseTransport(WhatsApp network, SimulatedNode silo) : SimulatedTransport(network, silo)
    {
        public override async Task<SendOutcome> SendAsync(DeviceKey device, OutboundMessage message, CancellationToken cancellationToken) =>
            await base.SendAsync(device, message, cancellationToken).ConfigureAwait(false);
    }
}
