using Wuts.Domain.Devices;
using Wuts.Domain.Sending;

namespace Wuts.Transports;

/// <summary>
/// A way to reach WhatsApp. One instance serves all devices of its kind in the process; each device is called by its own grain,
/// one send at a time. News comes back through <see cref="IDeviceEventSink"/>, never through a return value alone.
/// </summary>
/// <remarks>
/// Every method may be cancelled and may throw: the caller then knows nothing. A transport never retries a send by itself.
/// </remarks>
public interface IDeviceTransport
{
    /// <summary>The stored name of this kind of transport, such as <c>simulator</c>.</summary>
    string Name { get; }

    /// <summary>Links a device that was paired before. Repeating it on a live link is harmless.</summary>
    Task<ConnectOutcome> ConnectAsync(DeviceKey device, string credentials, CancellationToken cancellationToken);

    /// <summary>Drops the link and keeps the pairing. Harmless without a link.</summary>
    Task DisconnectAsync(DeviceKey device, CancellationToken cancellationToken);

    /// <summary>Removes the pairing on the network's side. Returns <c>false</c> without a live link: nothing was removed.</summary>
    Task<bool> LogoutAsync(DeviceKey device, CancellationToken cancellationToken);

    /// <summary>Asks for a code that a phone can scan. A new request makes the last code of this device worthless.</summary>
    Task<PairingTicket> RequestQrAsync(DeviceKey device, CancellationToken cancellationToken);

    /// <summary>Asks for an 8-character code (<c>XXXX-XXXX</c>) to be entered on the phone with this number.</summary>
    /// <param name="phone">Digits with country code.</param>
    Task<PairingTicket> RequestPairCodeAsync(DeviceKey device, string phone, CancellationToken cancellationToken);

    /// <summary>Shows or ends the typing indicator. Best effort: no error matters.</summary>
    Task SetTypingAsync(DeviceKey device, string chatJid, bool typing, CancellationToken cancellationToken);

    /// <summary>
    /// Hands over one message, once. Where the sender chooses ids, the same <see cref="OutboundMessage.ProviderId"/> again is the
    /// same message. <see cref="SendOutcome.Refused"/> and <see cref="SendOutcome.NotConnected"/> promise that it did not leave;
    /// everything else that is not <see cref="SendOutcome.Accepted"/> is <see cref="SendOutcome.Unknown"/>, an exception included.
    /// </summary>
    Task<SendOutcome> SendAsync(DeviceKey device, OutboundMessage message, CancellationToken cancellationToken);

    /// <summary>Asks what the network knows of a message whose outcome is unknown. <see cref="SendEvidence.Silent"/> where it cannot be asked.</summary>
    Task<SendEvidence> LookUpAsync(DeviceKey device, string providerId, CancellationToken cancellationToken);
}

/// <summary>A code for pairing.</summary>
/// <param name="Code">What the QR shows, or the pair code as <c>XXXX-XXXX</c>.</param>
public sealed record PairingTicket(string Code, DateTimeOffset ExpiresAt);

/// <summary>How an attempt to link ended.</summary>
public abstract record ConnectOutcome
{
    private ConnectOutcome()
    {
    }

    public sealed record Connected(string Jid) : ConnectOutcome;

    /// <summary>The pairing is gone: it must be paired again.</summary>
    public sealed record LoggedOut(string Reason) : ConnectOutcome;

    public sealed record Banned(string Reason, DateTimeOffset? Until) : ConnectOutcome;

    /// <summary>May work later.</summary>
    public sealed record Failed(string Reason) : ConnectOutcome;
}
