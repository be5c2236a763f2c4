using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.InProcess.Simulation;
using Wuts.Api.Calls;
using Wuts.Api.Sending;
using Wuts.Domain.Devices;
using Wuts.Grains.Devices;

namespace Wuts.Simulation.Clients;

/// <summary>A front end in a process of its own: the product's way of holding and repeating a send, without the HTTP around it.</summary>
internal sealed class Gateway
{
    private readonly HeldSend _sending;

    public Gateway(SimulatedNode node, SimulatedCluster cluster, IServiceProvider services)
    {
        Node = node;
        Grains = cluster.NewClient(node, services);
        _sending = new(
            Grains,
            new RepeatedCalls(node.Clock, Options.Create(new RepeatOptions()), NullLogger<RepeatedCalls>.Instance),
            Options.Create(new HeldSendOptions()),
            new EndlessLife(),
            node.Clock,
            NullLogger<HeldSend>.Instance);
    }

    public SimulatedNode Node { get; }

    public IGrainFactory Grains { get; }

    public TimeSpan Patience => _sending.Patience;

    /// <summary>What <c>POST /send/text</c> does with a command. The token is the client's hang-up.</summary>
    /// <param name="patience">How long the client would have the answer held.</param>
    public Task<SendAnswer> Send(DeviceKey device, SendCommand command, TimeSpan patience, CancellationToken hungUp) => Node.Run(() =>
    {
        var http = new DefaultHttpContext { RequestAborted = hungUp };
        return _sending.SendAsync(device, command with { Patience = patience, Hold = _sending.FirstHold(patience) }, http);
    });

    private sealed class EndlessLife : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
