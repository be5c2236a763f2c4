using System.Diagnostics.CodeAnalysis;
using Orleans;
using Orleans.Runtime;
using Wuts.Domain.Delivery;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;
using Wuts.Grains.Hosting;
using Wuts.Grains.Messages;
using Wuts.Grains.Quotas;
using Wuts.Grains.Telemetry;

namespace Wuts.Grains.Devices;

// The pump: one message at a time from the queue to the network.
internal sealed partial class DeviceGrain
{
    private static readonly TimeSpan FaultDelay = TimeSpan.FromSeconds(1);

    // A deactivation waits for the tick to end, and calls wait for the deactivation: so a tick ends though there is more to send.
    private static readonly TimeSpan LongestTick = TimeSpan.FromSeconds(1);

    private IGrainTimer _pump = null!;
    private Message? _claimed;
    private FairGate.Ticket? _claimedPlace;
    private bool _pumping;

    private void StartPump() => _pump = this.RegisterWork(Pump);

    private void ArmPump()
    {
        if (_pumping)
        {
            LookWhileTyping();
            return; // it looks at the queue again before it ends
        }

        var now = clock.GetUtcNow();
        var due = _claimed is not null ? TimeSpan.Zero
            : !_session.IsConnected || IsDraining ? Timeout.InfiniteTimeSpan
            : NextByPace(now) switch
            {
                NextDispatch.Now => TimeSpan.Zero,
                NextDispatch.At at => at.Time - now,
                _ => Timeout.InfiniteTimeSpan,
            };

        // A tick that throws does not arm the next; its period then brings one, so a fault never stops the queue.
        _pump.Change(due, FaultDelay);
    }

    private async Task Pump(CancellationToken cancellationToken)
    {
        _pumping = true;
        var began = clock.GetTimestamp();
        try
        {
            while (!cancellationToken.IsCancellationRequested && clock.GetElapsedTime(began) < LongestTick)
            {
                if (_claimed is { } claimed)
                {
                    using var place = _claimedPlace;
                    (_claimed, _claimedPlace) = (null, null);
                    using var span = Tracing.Dispatch(_key, claimed.Envelope.Id, claimed.Envelope.TraceParent);
                    await HandOver(claimed, cancellationToken);
                }
                else if (IsDue(out var message))
                {
                    await Dispatch(message, cancellationToken);
                }
                else
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (IsDraining)
        {
            // The typing was cut short: its message leaves from elsewhere.
        }
        finally
        {
            _pumping = false;
            _pumpEnded?.Complete(true);
        }

        ArmPump();
        ReturnPermits();
    }

    /// <summary>Whether a message may skip the queue and be claimed in the write that accepts it: nothing could go before it.</summary>
    /// <returns>Its place in the silo, or <c>null</c>.</returns>
    private FairGate.Ticket? TryClaimAtOnce(MessageEnvelope envelope, DateTimeOffset now)
    {
        if (!_queue.IsEmpty || !_session.IsConnected || IsDraining || envelope.DueAt > now || envelope.Typing > TimeSpan.Zero
            || envelope.Placement?.NotBefore is not null || IsReachOpen(envelope.ChatJid, out _) || NeedsPlace(envelope.ChatJid, envelope.Id, now) || !IsOpen(envelope, now)
            || _lease.Spend(now) is not { } rest || gates.Handovers.TryEnter(_key.TenantId, _lease.Weight) is not { } place)
        {
            return null;
        }

        _lease = rest;
        return place;
    }

    private bool IsDue([NotNullWhen(true)] out QueuedMessage? message)
    {
        message = _session.IsConnected && !IsDraining && NextByPace(clock.GetUtcNow()) is NextDispatch.Now now ? now.Message : null;
        return message is not null;
    }

    // The claim stands directly before the hand-over, after the typing and the wait for a permit: a crash before leaves nothing uncertain.
    private async Task Dispatch(QueuedMessage message, CancellationToken cancellationToken)
    {
        if (await IsPutOff(message) || !IsDue(out var due) || due.Id != message.Id)
        {
            return; // much may have happened meanwhile
        }

        var day = WarmUp.DayOf(clock.GetUtcNow());
        using var span = Tracing.Dispatch(_key, message.Id, message.TraceParent);
        _queue = _queue.Begin(message.Id);
        FairGate.Ticket? place = null;
        ClaimOutcome claim;
        try
        {
            place = await Type(message, cancellationToken) ? await AwaitPermit(message, cancellationToken) : null;
            if (place is null || !_queue.IsFirstInChat(message.Id) || IsPastMidnight(message, day))
            {
                place?.Dispose();
                _queue = _queue.GiveWay(message.Id); // to a one-time password, to one that was accepted before it and has turned up meanwhile, or to midnight
                return;
            }

            claim = await Message(message.Id).Claim(Epoch, message.Attempts + 1);
        }
        catch (Exception e)
        {
            place?.Dispose();
            _queue = _queue.Retry(message.Id, clock.GetUtcNow() + FaultDelay, message.Attempts); // a claim that was stored is given again
            span.Failed(e);
            throw;
        }

        using var held = place;
        switch (claim)
        {
            case ClaimOutcome.Claimed claimed:
                await (_queue.IsFirstInChat(message.Id) ? HandOver(claimed.Message, cancellationToken) : GiveBack(claimed.Message, cancellationToken));
                break;
            case ClaimOutcome.Refused { Message: { State: MessageState.Queued, Epoch: var epoch } known } when epoch <= Epoch:
                _queue = _queue.Retry(message.Id, known.NotBefore ?? known.Envelope.DueAt, known.Attempt, known.Hold);
                break;
            case ClaimOutcome.Refused { Message: { State: MessageState.Rejected } rejected }:
                Departed(rejected);
                break;
            case ClaimOutcome.Refused { Message: { IsUnsent: true, Epoch: var epoch } doubtful } when epoch <= Epoch:
                _queue = _queue.HoldBack(message.Id);
                Doubt(doubtful);
                break;
            case ClaimOutcome.Refused { Message.IsUnsent: true }:
                throw Replaced("claim");
            case ClaimOutcome.Refused { Message: { } departed }:
                Log.ClaimRefused(logger, _key, message.Id, departed.State);
                Departed(departed); // it was put here by an answer that came late
                break;
            case ClaimOutcome.Refused:
                Log.ClaimRefused(logger, _key, message.Id, null);
                _queue = _queue.Remove(message.Id);
                break;
            default:
                throw Replaced("claim");
        }
    }

    private async Task HandOver(Message message, CancellationToken cancellationToken)
    {
        if (HasMissedItsDay(message.Envelope))
        {
            await GiveBack(message, cancellationToken); // storing the claim took until after midnight
            return;
        }

        Land(await RecordSurely(message, Decide(message, await SendPaced(message)), cancellationToken));
        await TryKeepHealth();
    }

    private async Task GiveBack(Message message, CancellationToken cancellationToken) =>
        Land(await RecordSurely(message, new DispatchOutcome.NotTaken(), cancellationToken));

    private void Land(Message known)
    {
        switch (known.State)
        {
            case MessageState.Queued:
                _queue = _queue.Retry(known.Envelope.Id, known.NotBefore ?? known.Envelope.DueAt, known.Attempt, known.Hold);
                NoteHold(known.Envelope.ChatJid, known.Envelope.Id, known.Hold);
                break;
            case MessageState.Uncertain when known.IsOpen:
                _queue = _queue.HoldBack(known.Envelope.Id);
                Doubt(known);
                _departures.Resolve(known);
                break;
            default:
                Departed(known);
                break;
        }
    }

    // The hand-over is not cancelled with the activation: whatever the network answers is worth waiting for.
    private async Task<SendOutcome> SendOnce(Message message)
    {
        try
        {
            return await _transport.SendAsync(_key, new(message.ProviderId!, message.Envelope.ChatJid, message.Envelope.Content), CancellationToken.None)
                .WaitAsync(_options.SendTimeout, clock);
        }
        catch (TimeoutException)
        {
            return new SendOutcome.Unknown($"The network did not answer within {_options.SendTimeout.TotalSeconds:0} s.");
        }
        catch (Exception e)
        {
            Log.SendFaulted(logger, e, _key, message.Envelope.Id);
            return new SendOutcome.Unknown("The link broke while the message was being handed over.");
        }
    }

    private DispatchOutcome Decide(Message message, SendOutcome outcome)
    {
        var now = clock.GetUtcNow();
        switch (outcome)
        {
            case SendOutcome.Accepted accepted:
                return new DispatchOutcome.Accepted(accepted.ProviderId, accepted.At);
            case SendOutcome.Refused refused:
                return Spare(refused, now) ?? _options.Retry.Decide(refused.Failure, message.Attempt, now, chance.NextDouble(), refused.RetryAfter);
            case SendOutcome.NotConnected:
                LinkLost("the network says there is no session");
                return new DispatchOutcome.Retry(Failures.NoSession, now); // no fault of the message: it never runs out of these attempts
            case SendOutcome.Unknown unknown:
                return new DispatchOutcome.Unknown(unknown.Reason);
            default:
                throw new InvalidOperationException($"Unknown outcome {outcome}.");
        }
    }

    // The network has answered and only we know: nothing else leaves this device until that is stored. If the process ends
    // before, the claim without an outcome makes the message uncertain, and evidence decides.
    private async Task<Message> RecordSurely(Message message, DispatchOutcome outcome, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await Message(message.Envelope.Id).Record(message.Epoch, message.Attempt, outcome);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Log.RecordFailed(logger, e, _key, message.Envelope.Id);
                await Task.Delay(FaultDelay, clock, cancellationToken);
            }
        }
    }
}
