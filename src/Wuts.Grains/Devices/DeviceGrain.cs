using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Grains.Messages;
using Wuts.Storage;
using Wuts.Transports;

namespace Wuts.Grains.Devices;

// Send and the pump interleave with everything: a slow network or a long typing never keeps a message from being accepted, nor a
// client from its answer. That is safe because _queue, _session and _lease are immutable values, each changed by one statement
// with no await in it; a message has its place in _queue before the first await; and the pump, a timer that never overlaps
// itself, is the only one that hands anything over. Calls about the session do not interleave with each other.
[GrainType("device")]
internal sealed partial class DeviceGrain(
    IDeviceStore devices,
    IMessageStore messages,
    IInboxStore inbox,
    IEnumerable<IDeviceTransport> transports,
    TimeProvider clock,
    IChance chance,
    DeviceMetrics metrics,
    IOptions<SendingOptions> options,
    LocalDevices localDevices,
    ILogger<DeviceGrain> logger) : Grain, IDeviceGrain
{
    private const int PageSize = 1000;

    private readonly SendingOptions _options = options.Value;
    private readonly FrozenDictionary<string, IDeviceTransport> _transports = transports.ToFrozenDictionary(t => t.Name);
    private DeviceKey _key = null!;
    private Device? _device;
    private IDeviceTransport _transport = null!;
    private readonly Departures _departures = new(clock);
    private readonly HashSet<string> _accepting = []; // in the queue, and not known to be stored
    private OutboundQueue _queue = OutboundQueue.Empty;
    private long _lastPosition;

    private long Epoch => _device!.Epoch;

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
        localDevices.Add(_key);
        StartPump();
        StartSession();
        metrics.Gauges.Watch(this, Read);
        await LoadUnsent(cancellationToken);
    }

    public Task<DeviceSnapshot?> GetSnapshot() => Task.FromResult(
        Exists() ? new DeviceSnapshot(_device! with { Session = _session }, _queue.Count, CurrentQr?.GeneratedAt) : null);

    private async Task<SendAnswer> TakeIn(SendCommand command, string? traceParent, CancellationToken cancellationToken)
    {
        if (!Exists() || (!command.AnyDevice && _device!.UserId != command.UserId))
        {
            return new SendAnswer.NoSuchDevice();
        }

        if (IsAboutToLink)
        {
            command = command with { Hold = await AwaitLink(command.Hold, cancellationToken) };
            if (!Exists())
            {
                return new SendAnswer.NoSuchDevice();
            }
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

        var now = clock.GetUtcNow();
        var envelope = Envelope(command, now, traceParent);
        var claim = !repeat && CanClaimAtOnce(envelope, now);
        if (!repeat)
        {
            _queue = _queue.Reserve(new(
                envelope.Id, envelope.ChatJid, envelope.Position, envelope.DueAt, envelope.Typing, TraceParent: traceParent));
            _queue = claim ? _queue.Begin(envelope.Id) : _queue;
            _accepting.Add(envelope.Id);
        }

        AcceptOutcome outcome;
        try
        {
            outcome = await Message(envelope.Id).Accept(envelope, Epoch, claim);
        }
        catch when (!repeat)
        {
            Withdraw(envelope.Id); // if it was stored all the same, its repetition or the next sweep finds it
            throw;
        }

        switch (outcome)
        {
            case AcceptOutcome.Accepted accepted:
                var departure = _queue.Contains(envelope.Id) ? _queue.EstimateDeparture(envelope.Id, now) : now;
                if (!repeat && _accepting.Remove(envelope.Id))
                {
                    _claimed = claim ? accepted.Message : _claimed;
                    _queue = _queue.Admit(envelope.Id);
                }
                else
                {
                    Recover(accepted.Message); // of two calls for one message the other one holds its place, or has given it up
                }

                ArmPump();
                return await Answered(command, accepted.Message, departure, cancellationToken);

            case AcceptOutcome.Repeated { Message: var known }:
                Recover(known);
                var estimate = _queue.Contains(envelope.Id) ? _queue.EstimateDeparture(envelope.Id, now) : now;
                return await Answered(command, known, estimate, cancellationToken);

            case AcceptOutcome.KeyReused:
                if (!repeat)
                {
                    Withdraw(envelope.Id);
                }

                return new SendAnswer.KeyReused();

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
    }

    private bool Exists()
    {
        if (_device is null)
        {
            DeactivateOnIdle();
        }

        return _device is not null;
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
        };
    }

    private async Task<SendAnswer> Answered(SendCommand command, Message message, DateTimeOffset departure, CancellationToken cancellationToken)
    {
        var worthWaiting = departure - clock.GetUtcNow() <= command.Patience;
        if (message.State is MessageState.Queued or MessageState.Dispatching && worthWaiting && command.Hold > TimeSpan.Zero)
        {
            message = _queue.Contains(message.Envelope.Id)
                ? await _departures.Wait(message, command.Hold, cancellationToken)
                : await Message(message.Envelope.Id).WaitUntilDispatched(command.Hold, cancellationToken) ?? message;
        }

        return new SendAnswer.Accepted(message, departure, worthWaiting);
    }

    /// <summary>A repeated request is answered with what became of the first, also where a new one would be refused.</summary>
    private async Task<SendAnswer?> AnswerRepeated(SendCommand command, CancellationToken cancellationToken)
    {
        if (await Message(command.MessageId).WaitUntilDispatched(TimeSpan.Zero, cancellationToken) is not { } first)
        {
            return null;
        }

        Recover(first);
        return first.Envelope.Fingerprint == command.Fingerprint
            ? new SendAnswer.Accepted(first, first.Envelope.DueAt, WorthWaiting: false)
            : new SendAnswer.KeyReused();
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
