using System.Collections.Immutable;
using Orleans.InProcess.Simulation;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Transports;

namespace Wuts.Benchmarks.Virtual;

/// <summary>A network that takes everything, and whose recipients, bans and ratings are the story's.</summary>
internal sealed class VirtualNetwork(SimulatedNode node) : IDeviceTransport
{
    private static readonly TimeSpan ReceiptLatency = TimeSpan.FromSeconds(2);

    public string Name => "virtual";

    /// <summary>Where events go.</summary>
    public Func<ImmutableArray<DeviceEvent>, Task> Sink { get; set; } = _ => Task.CompletedTask;

    /// <summary>Whether a message reaches its phone. Asked once for each, in order.</summary>
    public Func<OutboundMessage, bool> Delivers { get; set; } = _ => true;

    /// <summary>Until when the number is banned.</summary>
    public DateTimeOffset BannedUntil { get; set; }

    /// <summary>What it took, and when.</summary>
    public List<(OutboundMessage Message, DateTimeOffset At)> Taken { get; } = [];

    public Task<SendOutcome> SendAsync(DeviceKey device, OutboundMessage message, CancellationToken cancellationToken)
    {
        var now = node.Clock.GetUtcNow();
        Taken.Add((message, now));
        if (Delivers(message))
        {
            node.Start(async () =>
            {
                await Task.Delay(ReceiptLatency, node.Clock);
                await Sink([new DeviceEvent.Receipt(message.ProviderId, new(DeliveryStage.Delivered, node.Clock.GetUtcNow()))]);
            });
        }

        return Task.FromResult<SendOutcome>(new SendOutcome.Accepted(message.ProviderId, now));
    }

    public Task<ConnectOutcome> ConnectAsync(DeviceKey device, string credentials, CancellationToken cancellationToken) => Task.FromResult<ConnectOutcome>(
        BannedUntil > node.Clock.GetUtcNow() ? new ConnectOutcome.Banned("spam", BannedUntil) : new ConnectOutcome.Connected("5511999990001@s.whatsapp.net"));

    public Task<SendEvidence> LookUpAsync(DeviceKey device, string providerId, CancellationToken cancellationToken) =>
        Task.FromResult<SendEvidence>(new SendEvidence.Silent());

    public Task DisconnectAsync(DeviceKey device, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<bool> LogoutAsync(DeviceKey device, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetTypingAsync(DeviceKey device, string chatJid, bool typing, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<PairingTicket> RequestQrAsync(DeviceKey device, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<PairingTicket> RequestPairCodeAsync(DeviceKey device, string phone, CancellationToken cancellationToken) => throw new NotSupportedException();
}
