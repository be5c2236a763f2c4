using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Wuts.Transports.Simulator;

/// <summary>Begins to bring the network's events when the host starts. The container closes the network when the host ends.</summary>
internal sealed class SimulatorService(SimulatedNetwork network, IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Asked for only now: the sink may itself need the transports.
        network.DeliverTo(services.GetRequiredService<IDeviceEventSink>());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => network.StopDeliveriesAsync().WaitAsync(cancellationToken);
}
