using Orleans.InProcess.Simulation;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Transports;

namespace Wuts.Simulation.Network;

/// <summary>One silo's way to the simulated WhatsApp.</summary>
internal class SimulatedTransport(WhatsApp network, SimulatedNode silo) : IDeviceTransport
{
    public const string TransportName = "simulation";

    public string Name => TransportName;

    public Task<ConnectOutcome> ConnectAsync(DeviceKey device, string credentials, CancellationToken cancellationToken) =>
        network.ConnectAsync(silo, device, credentials);

    public Task DisconnectAsync(DeviceKey device, CancellationToken cancellationToken) => network.UnlinkAsync(silo, device, logout: false);

    public Task<bool> LogoutAsync(DeviceKey device, CancellationToken cancellationToken) => network.UnlinkAsync(silo, device, logout: true);

    public Task<PairingTicket> RequestQrAsync(DeviceKey device, CancellationToken cancellationToken) => network.ShowCodeAsync(device);

    public Task<PairingTicket> RequestPairCodeAsync(DeviceKey device, string phone, CancellationToken cancellationToken) => network.ShowCodeAsync(device);

    public Task SetTypingAsync(DeviceKey device, string chatJid, bool typing, CancellationToken cancellationToken) => Task.CompletedTask;

    public virtual Task<SendOutcome> SendAsync(DeviceKey device, OutboundMessage message, CancellationToken cancellationToken) =>
        network.SendAsync(silo, device, message);

    public virtual Task<SendEvidence> LookUpAsync(DeviceKey device, string providerId, CancellationToken cancellationToken) =>
        network.LookUpAsync(silo, device, providerId);
}
