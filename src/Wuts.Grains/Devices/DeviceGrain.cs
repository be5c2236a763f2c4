using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Wuts.Domain.Compliance;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Grains.Messages;
using Wuts.Grains.Pacing;
using Wuts.Grains.Quotas;
using Wuts.Storage;
using Wuts.Transports;

namespace Wuts.Grains.Devices;

// Send and the pump interleave with everything: a slow network or a long typing never keeps a message from being accepted, nor a
// client from its answer. That is safe because _queue, _session and _lease are immutable values, each changed by one statement
// with no await in it; a message has its place in _queue before its acceptance is awaited; and the pump, a timer that never overlaps
// itself, is the only one that hands anything over. Calls about the session do not interleave with each other.
[GrainType("device")]
internal sealed partial class DeviceGrain(
    IDeviceStore devices,
    IMessageStore messages,
    IInboxStore inbox,
    IConsentStore consents,
    ConsentKeywords keywords,
    IEnumerable<IDeviceTransport> transports,
    TimeProvider clock,
    IChance chance,
    DeviceMetrics metrics,
    IOptions<SendingOptions> options,
    LocalDevices localDevices,
    Gates gates,
    PoolMetrics poolMetrics,
    IHealthStore healthStore,
    IOptions<PaceOptions> paceOptions,
    IOptions<WarmUpOptions> warmUpOptions,
    ILogger<DeviceGrain> logger) : Grain, IDeviceGrain
{
    private const int PageSize = 1000;

    private readonly SendingOptions _options = options.Value;
    private readonly PaceOptions _paceOptions = paceOptions.Value;
    private readonly WarmUpOptions _warmUpOptions = warmUpOptions.Value;
    private readonly FrozenDictionary<string, IDeviceTransport> _transports = transports.ToFrozenDictionary(t => t.Name);
    private DeviceKey _key = null!;
    private Device? _device; // as this activation found it; calls under way speak of it even after its removal
    private bool _removed;
    private IDeviceTransport _transport = null!;
    private readonly Departures _departures = new(clock);
    private readonly Dictionary<string, MessageEnvelope> _accepting = []; // in the queue, and not known to be stored
    private OutboundQueue _queue = OutboundQueue.Empty with { Weights = options.Value.Lanes.Weights };
    private long _lastPosition;

    private long Epoch => _device!.Epoch;

    private bool IsThere => _device is not null && !_removed;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = DeviceKey.Parse(this.GetPrimaryKeyString());
        _device = await devices.RaiseEpochAsync(_key, cancellationToken);
        if (_device is null)
        {
            return; // each call says so, and the device may be created later
        }

        _transport = _transports.GetValueOrDefault(_device.Transport)
            ?? throw new InvalidOperationException($"Device {_key} needs the transport '{_device.Transport}', which this process does not have.");
        await LoadHealth(cancellationToken);
        localDevices.Add(_key);
        StartPump();
        StartSession();
        metrics.Gauges.Watch(this, Read);
        await LoadUnsent(cancellationToken);
        TakeBackPlaces();
    }

    public Task<DeviceSnapshot?> GetSnapshot() => Task.FromResult(
        Exists() ? new DeviceSnapshot(_device! with { Session = _session }, _queue.Count, CurrentQr?.GeneratedAt) : null);

    /// <returns><c>null</c> when the tenant must be asked again.</returns>
    private async Task<SendAnswer?> TakeIn(
        SendCommand command, Toll? toll, string? traceParent, CancellationToken cancellationToken, bool consentExempt = false)
    {
        if (!Exists() || (!command.AnyDevice && _device!.UserId != command.UserId))
        {
            return new SendAnswer.NoSuchDevice();
        }

        if (IsAboutToLink)
        {
            command = command with { Hold = await AwaitLink(command.Hold, cancellationToken) };
        }

        await LearnContact(command.ChatJid, command.MessageId);
        await LearnReach(command.ChatJid);
        if (!Exists())
        {
            return new SendAnswer.NoSuchDevice();
        }

        if (!_session.IsConnected && !(command.QueueWhenNotReady && _session is { IsPaired: true, Wanted: true }))
        {
            return await AnswerRepeated(command, cancellationToken) ?? new SendAnswer.NotReady(_session.State, _session.Reason, RetryAfter());
        }

        var repeat = _queue.Contains(command.MessageId);
        if (!repeat && _queue.Count >= _options.MaxQueued)
        {
            return await AnswerRepeated(command, cancellationToken) ?? new SendAnswer.QueueFull(_queue.Count);
        }

        if (toll is not null && !repeat)
        {
            if (await Refuse(command, toll, cancellationToken) is { } refused)
            {
                return refused;
            }

            repeat = _queue.Contains(command.MessageId); // much may have happened meanwhile
            if (!Exists() || (!repeat && _queue.Count >= _options.MaxQueued))
            {
                Close(toll);
                return !IsThere ? new SendAnswer.NoSuchDevice() : new SendAnswer.QueueFull(_queue.Count);
            }
        }

        var twin = repeat ? _accepting.GetValueOrDefault(command.MessageId) : null;
        if (twin is not null && twin.Fingerprint != command.Fingerprint)
        {
            Close(toll);
            toll?.NoteRepeated(twin);
            return new SendAnswer.KeyReused();
        }

        // Of two calls for one message either may be stored first: so both store the same, planned for the same day.
        var now = clock.GetUtcNow();
        var envelope = twin ?? (Envelope(command, toll?.At ?? now, traceParent) with { ConsentExempt = consentExempt, QuotaEpoch = toll?.Epoch });
        envelope = repeat ? envelope : Place(envelope);
        var place = repeat ? null : TryClaimAtOnce(envelope, now);
        var claim = place is not null;
        if (!repeat)
        {
            _queue = _queue.Reserve(new(
                envelope.Id, envelope.ChatJid, envelope.Position, envelope.Placement?.NotBefore ?? envelope.DueAt, envelope.Typing, Attempts: 0,
                traceParent, envelope.Category, envelope.AcceptedAt, envelope.Placement?.Hold));
            _queue = claim ? _queue.Begin(envelope.Id) : _queue;
            _accepting[envelope.Id] = envelope;
        }

        Close(toll);
        AcceptOutcome outcome;
        try
        {
            outcome = await Message(envelope.Id).Accept(envelope, Epoch, claim);
        }
        catch when (!repeat)
        {
            place?.Dispose();
            Unplace(envelope, mayHaveClaim: claim);
            Withdraw(envelope.Id); // if it was stored all the same, its repetition or the next sweep finds it
            throw;
        }

        if (outcome is not AcceptOutcome.Accepted { Message.State: not MessageState.Rejected })
        {
            place?.Dispose();
        }

        switch (outcome)
        {
            case AcceptOutcome.Accepted { Message: { State: MessageState.Rejected } refused }:
                Unplace(envelope);
                Withdraw(envelope.Id);
                ArmPump();
                return new SendAnswer.Accepted(refused, now, WorthWaiting: false);

            case AcceptOutcome.Accepted accepted:
                toll?.Spent = true;
                if (!repeat && _accepting.Remove(envelope.Id))
                {
                    (_claimed, _claimedPlace) = claim ? (accepted.Message, place) : (_claimed, _claimedPlace);
                    _queue = _queue.Admit(envelope.Id);
                }
                else
                {
                    place?.Dispose();
                    Recover(accepted.Message); // of two calls for one message the other one holds its place, or has given it up
                }

                ArmPump();
                await MakeWay(envelope);
                return await Answered(command, accepted.Message, cancellationToken);

            case AcceptOutcome.Repeated { Message: var known }:
                toll?.NoteRepeated(known.Envelope);
                ForgoPlace(envelope, known);
                NoteHold(envelope.ChatJid, envelope.Id, known.State == MessageState.Queued ? known.Hold : null);
                Recover(known);
                return await Answered(command, known, cancellationToken);

            case AcceptOutcome.KeyReused:
                TakeBack(envelope, isAnothers: repeat);
                if (toll is { Charged: true } && await Message(envelope.Id).WaitUntilDispatched(TimeSpan.Zero) is { } other)
                {
                    toll.NoteRepeated(other.Envelope); // it may have been stored with what was counted for this one
                }

                return new SendAnswer.KeyReused();

            case AcceptOutcome.Fenced or AcceptOutcome.Lapsed when _removed:
                TakeBack(envelope, isAnothers: repeat);
                return new SendAnswer.NoSuchDevice();

            case AcceptOutcome.Lapsed when (await devices.FindAsync(_key, cancellationToken))?.Epoch == Epoch:
                TakeBack(envelope, isAnothers: repeat);
                return null;

            default:
                Withdraw(envelope.Id);
                throw Replaced("accept");
        }
    }

    public async Task Wake(CancellationToken cancellationToken)
    {
        if (!Exists())
        {
            await AbandonUnsent(cancellationToken);
            return;
        }

        await LoadUnsent(cancellationToken);
        Reconnect();
        Judge(clock.GetUtcNow());
        await KeepHealth();
    }

    private bool Exists()
    {
        if (!IsThere)
        {
            DeactivateOnIdle();
        }

        return IsThere;
    }

    private IMessageGrain Message(string id) => GrainFactory.GetGrain<IMessageGrain>(MessageKey.Of(_key.TenantId, id));

    private MessageEnvelope Envelope(SendCommand command, DateTimeOffset now, string? traceParent)
    {
        // Microseconds, so that positions grow also over activations; never twice the same.
        _lastPosition = Math.Max(_lastPosition + 1, (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        return new()
        {
            Id = command.MessageId,
            TenantId = _key.TenantId,
            DeviceId = _key.DeviceId,
            UserId = command.UserId,
            ChatJid = command.ChatJid,
            Content = command.Content,
            Fingerprint = command.Fingerprint,
            AcceptedAt = now,
            DueAt = now + command.Delay,
            Typing = command.Typing,
            Position = _lastPosition,
            TraceParent = traceParent,
            Category = command.Category,
        };
    }

    /// <summary>Another activation has begun an epoch: this one must stop, and its caller come again.</summary>
    /// <param name="refusedWrite">The write by which it learned so, if it was one.</param>
    private InconsistentStateException Replaced(string? refusedWrite = null)
    {
        if (refusedWrite is not null)
        {
            metrics.Refused(refusedWrite);
        }

        Log.Replaced(logger, _key);
        DeactivateOnIdle();
        return new InconsistentStateException($"Device {_key} has moved to another activation: repeat the call.");
    }
}
