using Wuts.Domain.Devices;
using Wuts.Domain.Sending;

namespace Wuts.Transports.Simulator;

/// <summary>The transport <c>simulator</c>: the network in this process, called directly.</summary>
public sealed class SimulatorTransport(SimulatedNetwork network) : IDeviceTransport
{
    public const string TransportName = "simulator";

    public string Name => TransportName;

    public Task<ConnectOutcome> ConnectAsync(DeviceKey device, string credentials, CancellationToken cancellationToken) =>
        network.ConnectAsync(device, credentials, cancellationToken: cancellationToken);

    public Task DisconnectAsync(DeviceKey device, CancellationToken cancellationToken)
    {
        network.Disconnect(device);
        return Task.CompletedTask;
    }

    public Task<bool> LogoutAsync(DeviceKey device, CancellationToken cancellationToken) =>
        network.LogoutAsync(device).WaitAsync(cancellationToken);

    public Task<PairingTicket> RequestQrAsync(DeviceKey device, CancellationToken cancellationToken) =>
        network.ShowQrAsync(device).WaitAsync(cancellationToken);

    public Task<PairingTicket> RequestPairCodeAsync(DeviceKey device, string phone, CancellationToken cancellationToken) =>
        network.ShowPairCodeAsync(device, phone).WaitAsync(cancellationToken);

    public Task SetTypingAsync(DeviceKey device, string chatJid, bool typing, CancellationToken cancellationToken)
    {
        network.SetTyping(device, chatJid, typing);
        return Task.CompletedTask;
    }

    public Task<SendOutcome> SendAsync(DeviceKey device, OutboundMessage message, CancellationToken cancellationToken) =>
        network.SendAsync(device, message, cancellationToken: cancellationToken);

    public Task<SendEvidence> LookUpAsync(DeviceKey device, string providerId, CancellationToken cancellationToken) =>
        network.LookUpAsync(device, providerId, cancellationToken);
}
