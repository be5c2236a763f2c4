using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Transports.Simulator.Faults;
using Wuts.Transports.Simulator.Links;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Messages;
using Wuts.Transports.Simulator.Phones;
using Wuts.Transports.Simulator.Rules;

namespace Wuts.Transports.Simulator;

/// <summary>
/// A simulated WhatsApp: phones, the devices linked to them, and the messages between them. It remembers everything in its log,
/// and is the same network again after a restart over the same folder; only links have to be connected again.
/// </summary>
/// <remarks>
/// Numbers are digits with country code; a group or channel is named by its JID and behaves as one phone. Safe for concurrent
/// use. What was answered about a message, a pairing or a phone is in the log's file before the answer, so that the end of the
/// process loses nothing of it. A device's link belongs to the connection that made it last, named by its process; <c>null</c>
/// means this one. To any other it is as if the device had no link.
/// </remarks>
public sealed class SimulatedNetwork : IAsyncDisposable
{
    private readonly NetworkCore _core;
    private readonly Pairing _pairing;
    private readonly Linking _linking;
    private readonly Sending _sending;
    private readonly PhoneDesk _phones;

    /// <summary>Opens the network in a folder, rebuilding it from its log. Events wait until <see cref="DeliverTo"/>.</summary>
    /// <param name="devicesElsewhere">
    /// Whether devices live in other processes, which may have run on while this one did not: those that had a link are told that
    /// it broke. In one process with them they begin anew together, and nobody is told.
    /// </param>
    /// <exception cref="IOException">Another process has the folder, or it cannot be written.</exception>
    /// <exception cref="InvalidDataException">The log is damaged before its last line.</exception>
    public SimulatedNetwork(
        SimulatorOptions options, TimeProvider clock, ILogger<SimulatedNetwork> logger, bool devicesElsewhere = false)
    {
        _core = new NetworkCore(options, clock, logger, devicesElsewhere);
        var reactions = new Reactions(_core);
        var receipts = new Receipts(_core, reactions);
        _pairing = new Pairing(_core);
        _linking = new Linking(_core);
        _sending = new Sending(_core, receipts, reactions);
        _phones = new PhoneDesk(_core, receipts, reactions);
        lock (_core.Gate)
        {
            receipts.Resume();
            _pairing.Resume();
        }
    }

    /// <summary>The faults in force.</summary>
    public NetworkFaults Faults
    {
        get
        {
            lock (_core.Gate)
            {
                return _core.Faults;
            }
        }
    }

    /// <summary>The rules in force.</summary>
    public NetworkRules Rules
    {
        get
        {
            lock (_core.Gate)
            {
                return _core.Rules;
            }
        }
    }

    /// <summary>Begins to bring events to a sink, at least once each, what waits from before first.</summary>
    public void DeliverTo(IDeviceEventSink sink) => _core.Events.Start(sink);

    /// <summary>Links a device that was paired before. Takes over the link that an earlier connection of it may have.</summary>
    public Task<ConnectOutcome> ConnectAsync(
        DeviceKey device, string credentials, string? connection = null, CancellationToken cancellationToken = default) =>
        _linking.ConnectAsync(device, credentials, connection, cancellationToken);

    /// <inheritdoc cref="IDeviceTransport.DisconnectAsync"/>
    public void Disconnect(DeviceKey device, string? connection = null) => _linking.Disconnect(device, connection);

    /// <inheritdoc cref="IDeviceTransport.LogoutAsync"/>
    public Task<bool> LogoutAsync(DeviceKey device, string? connection = null) => _linking.LogoutAsync(device, connection);

    /// <inheritdoc cref="IDeviceTransport.RequestQrAsync"/>
    /// <param name="connection">Who will own the link that the code makes.</param>
    public Task<PairingTicket> ShowQrAsync(DeviceKey device, string? connection = null) => _pairing.ShowQrAsync(device, connection);

    /// <inheritdoc cref="IDeviceTransport.RequestPairCodeAsync"/>
    /// <param name="connection">Who will own the link that the code makes.</param>
    public Task<PairingTicket> ShowPairCodeAsync(DeviceKey device, string number, string? connection = null) =>
        _pairing.ShowPairCodeAsync(device, number, connection);

    /// <inheritdoc cref="IDeviceTransport.SetTypingAsync"/>
    public void SetTyping(DeviceKey device, string chatJid, bool typing, string? connection = null) =>
        _linking.SetTyping(device, Jid.PhoneOf(chatJid) ?? chatJid, typing, connection);

    /// <summary>Takes a message from a linked device. The same id from the same number again is the same message.</summary>
    public Task<SendOutcome> SendAsync(
        DeviceKey device, OutboundMessage message, string? connection = null, CancellationToken cancellationToken = default) =>
        _sending.SendAsync(device, message, connection, cancellationToken);

    /// <summary>
    /// Tells whether a message was taken from any number this device was ever paired with. It waits while a send of it is under
    /// way. <see cref="SendEvidence.Silent"/> for a device that was never paired.
    /// </summary>
    public Task<SendEvidence> LookUpAsync(DeviceKey device, string providerId, CancellationToken cancellationToken = default) =>
        _sending.LookUpAsync(device, providerId, cancellationToken);

    /// <summary>Makes sure that a phone exists.</summary>
    public Task<(PhoneView Phone, bool Created)> CreatePhoneAsync(string number) => _phones.CreateAsync(number);

    public PhoneView? FindPhone(string number) => _phones.Find(number);

    /// <summary>Phones in order of their number, without their messages.</summary>
    public ImmutableArray<PhoneView> ListPhones(string after, int limit) => _phones.List(after, limit);

    /// <summary>Changes a phone; <c>null</c> if there is none.</summary>
    public Task<PhoneView?> ChangePhoneAsync(string number, PhoneChange change) => _phones.ChangeAsync(number, change);

    /// <summary>A phone scans a QR code. The device is linked and live from then on.</summary>
    public Task<PhoneOutcome> ScanAsync(string number, string qrCode) => _pairing.PairAsync(number, qrCode, scanned: true);

    /// <summary>A pair code is entered on a phone. The device is linked and live from then on.</summary>
    public Task<PhoneOutcome> EnterPairCodeAsync(string number, string code) => _pairing.PairAsync(number, code, scanned: false);

    /// <summary>A phone removes a linked device, named <c>{tenant}/{device}</c>.</summary>
    public Task<PhoneOutcome> UnlinkAsync(string number, string device) => _linking.UnlinkAsync(number, device);

    /// <summary>A phone writes to a number; every device linked to that number is told.</summary>
    public Task<PhoneOutcome> WriteAsync(string number, string to, string text) => _phones.WriteAsync(number, to, text);

    /// <summary>A phone complains of a number that wrote to it, or did not.</summary>
    public Task<PhoneOutcome> ReportAsync(string number, string sender) => _phones.ReportAsync(number, sender);

    /// <summary>Changes the rules at once, unless the result would not be valid.</summary>
    /// <returns>What is wrong; empty when they were changed.</returns>
    public ImmutableArray<FaultError> ChangeRules(RulesChange change)
    {
        lock (_core.Gate)
        {
            var rules = change.ApplyTo(_core.Rules);
            var errors = rules.Validate();
            if (errors.IsEmpty)
            {
                _core.Rules = rules;
                _core.Record(new LogEntry { Kind = LogKind.RulesChanged, Rules = rules });
            }

            return errors;
        }
    }

    /// <summary>Changes the faults at once, unless the result would not be valid.</summary>
    /// <returns>What is wrong; empty when they were changed.</returns>
    public ImmutableArray<FaultError> ChangeFaults(FaultsChange change)
    {
        lock (_core.Gate)
        {
            var faults = change.ApplyTo(_core.Faults);
            var errors = faults.Validate();
            if (errors.IsEmpty)
            {
                _core.Faults = faults;
                if (change.Seed is { } seed)
                {
                    _core.Chance.Reseed(seed);
                }

                _core.Record(new LogEntry { Kind = LogKind.FaultsChanged, Faults = faults });
            }

            return errors;
        }
    }

    /// <summary>Reads lines of the log after a number, without secrets. A filter may make a page shorter than its limit, or empty, before the end.</summary>
    public Task<LogPage> ReadLogAsync(long after, int limit, LogFilter? filter = null, CancellationToken cancellationToken = default) =>
        _core.Log.ReadAsync(after, limit, filter ?? new LogFilter(), cancellationToken);

    /// <summary>Brings no more events. Those under way are called off, and come again when the network is opened again.</summary>
    public Task StopDeliveriesAsync() => _core.Events.StopAsync();

    /// <summary>Stops deliveries and closes the log. What was not acknowledged comes again when the network is opened again.</summary>
    public ValueTask DisposeAsync() => _core.DisposeAsync();
}
