using Microsoft.Extensions.Hosting;

namespace Wuts.Transports.Simulator;

/// <summary>Begins to bring the network's events when the host starts. The container closes the network when the host ends.</summary>
/// <param name="findSink">Where events go.</param>
internal sealed class SimulatorService(SimulatedNetwork network, Func<IDeviceEventSink> findSink) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Asked for only now: the sink may itself need the transports.
        network.DeliverTo(findSink());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => network.StopDeliveriesAsync().WaitAsync(cancellationToken);
}
