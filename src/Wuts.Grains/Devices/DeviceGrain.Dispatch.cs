using System.Diagnostics.CodeAnalysis;
using Orleans;
using Orleans.Runtime;
using Wuts.Domain.Delivery;
using Wuts.Domain.Quotas;
using Wuts.Domain.Sending;
using Wuts.Grains.Messages;
using Wuts.Grains.Telemetry;
using Wuts.Grains.Tenants;

namespace Wuts.Grains.Devices;

// The pump: one message at a time from the queue to the network.
internal sealed partial class DeviceGrain
{
    private const int PermitBlock = 50;
    private static readonly TimeSpan FaultDelay = TimeSpan.FromSeconds(1);

    private IGrainTimer _pump = null!;
    private PermitLease _lease = PermitLease.None;
    private DateTimeOffset _permitsFrom;
    private Message? _claimed;
    private CancellationTokenSource? _typing;
    private bool _pumping;

    private void StartPump() => _pump = this.RegisterGrainTimer(Pump, new GrainTimerCreationOptions
    {
        DueTime = Timeout.InfiniteTimeSpan,
        Period = Timeout.InfiniteTimeSpan,
        Interleave = true,
        KeepAlive = true,
    });

    private void ArmPump()
    {
        if (_pumping)
        {
            return; // it looks at the queue again before it ends
        }

        var now = clock.GetUtcNow();
        var due = _claimed is not null ? TimeSpan.Zero
            : !_session.IsConnected || IsDraining ? Timeout.InfiniteTimeSpan
            : _queue.Next(now) switch
            {
                NextDispatch.Now => _permitsFrom > now ? _permitsFrom - now : TimeSpan.Zero,
                NextDispatch.At at => at.Time - now,
                _ => Timeout.InfiniteTimeSpan,
            };

        // A tick that throws does not arm the next; its period then brings one, so a fault never stops the queue.
        _pump.Change(due, FaultDelay);
    }

    private async Task Pump(CancellationToken cancellationToken)
    {
        _pumping = true;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                if (_claimed is { } claimed)
                {
                    _claimed = null;
                    using var span = Tracing.Dispatch(_key, claimed.Envelope.Id, claimed.Envelope.TraceParent);
                    await HandOver(claimed, cancellationToken);
                }
                else if (IsDue(out _) && await HasPermit() && IsDue(out var message)) // asked again: much may happen while a permit comes
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
    }

    /// <summary>Whether a message may skip the queue and be claimed in the write that accepts it: nothing could go before it.</summary>
    private bool CanClaimAtOnce(MessageEnvelope envelope, DateTimeOffset now)
    {
        if (!_queue.IsEmpty || !_session.IsConnected || IsDraining || envelope.DueAt > now || envelope.Typing > TimeSpan.Zero || _lease.Spend(now) is not { } rest)
        {
            return false;
        }

        _lease = rest;
        return true;
    }

    private bool IsDue([NotNullWhen(true)] out QueuedMessage? message)
    {
        message = _session.IsConnected && !IsDraining && _queue.Next(clock.GetUtcNow()) is NextDispatch.Now now ? now.Message : null;
        return message is not null;
    }

    private async Task<bool> HasPermit()
    {
        if (_lease.Spend(clock.GetUtcNow()) is null)
        {
            _lease = await GrainFactory.GetGrain<ITenantGrain>(_key.TenantId).LeasePermits(_key.DeviceId, PermitBlock);
            metrics.Leased(_lease.Permits);
        }

        var granted = _lease.Spend(clock.GetUtcNow()) is not null;
        _permitsFrom = granted ? default : clock.GetUtcNow() + FaultDelay;
        return granted;
    }

    // The claim stands directly before the hand-over, after the typing: a crash while typing leaves nothing uncertain.
    private async Task Dispatch(QueuedMessage message, CancellationToken cancellationToken)
    {
        using var span = Tracing.Dispatch(_key, message.Id, message.TraceParent);
        _queue = _queue.Begin(message.Id);
        ClaimOutcome claim;
        try
        {
            await Type(message, cancellationToken);
            if (!_queue.IsFirstInChat(message.Id))
            {
                _queue = _queue.Retry(message.Id, message.ReadyAt, message.Attempts); // one that was accepted before it has turned up meanwhile
                return;
            }

            claim = await Message(message.Id).Claim(Epoch, message.Attempts + 1);
        }
        catch (Exception e)
        {
            _queue = _queue.Retry(message.Id, clock.GetUtcNow() + FaultDelay, message.Attempts); // a claim that was stored is given again
            span.Failed(e);
            throw;
        }

        switch (claim)
        {
            case ClaimOutcome.Claimed claimed:
                _lease = _lease.Spend(clock.GetUtcNow()) ?? PermitLease.None;
                await (_queue.IsFirstInChat(message.Id) ? HandOver(claimed.Message, cancellationToken) : GiveBack(claimed.Message, cancellationToken));
                break;
            case ClaimOutcome.Refused { Message: { State: MessageState.Queued } known }:
                _queue = _queue.Retry(message.Id, known.NotBefore ?? known.Envelope.DueAt, known.Attempt);
                break;
            case ClaimOutcome.Refused { Message: { IsUnsent: true, Epoch: var epoch } doubtful } when epoch <= Epoch:
                _queue = _queue.HoldBack(message.Id);
                Doubt(doubtful);
                break;
            case ClaimOutcome.Refused { Message.IsUnsent: true }:
                throw Replaced("claim");
            case ClaimOutcome.Refused refused:
                Log.ClaimRefused(logger, _key, message.Id, refused.Message?.State);
                _queue = _queue.Remove(message.Id);
                break;
            default:
                throw Replaced("claim");
        }
    }

    private async Task Type(QueuedMessage message, CancellationToken cancellationToken)
    {
        if (message.Typing > TimeSpan.Zero)
        {
            using var ended = _typing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            try
            {
                await ShowTyping(message.ChatJid, true, ended.Token);
                await Task.Delay(message.Typing, clock, ended.Token);
            }
            finally
            {
                _typing = null;
                await ShowTyping(message.ChatJid, false, CancellationToken.None);
            }
        }
    }

    private async Task ShowTyping(string chatJid, bool typing, CancellationToken cancellationToken)
    {
        try
        {
            await _transport.SetTypingAsync(_key, chatJid, typing, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Log.TypingFailed(logger, e, _key); // a message without its indicator is still a message
        }
    }

    private async Task HandOver(Message message, CancellationToken cancellationToken) =>
        Land(await RecordSurely(message, Decide(message, await SendMeasured(message)), cancellationToken));

    private async Task GiveBack(Message message, CancellationToken cancellationToken) =>
        Land(await RecordSurely(message, new DispatchOutcome.NotTaken(), cancellationToken));

    private void Land(Message known)
    {
        switch (known.State)
        {
            case MessageState.Queued:
                _queue = _queue.Retry(known.Envelope.Id, known.NotBefore ?? known.Envelope.DueAt, known.Attempt);
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
                return _options.Retry.Decide(refused.Failure, message.Attempt, now, chance.NextDouble(), refused.RetryAfter);
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
