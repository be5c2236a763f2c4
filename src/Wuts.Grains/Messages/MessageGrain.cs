using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;
using Wuts.Domain.Delivery;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;
using Wuts.Grains.Telemetry;
using Wuts.Storage;

namespace Wuts.Grains.Messages;

// Where its device is, since that calls it most. Only WaitUntilDispatched interleaves. It never writes _message, and looks at it and registers its waiter in one turn.
[GrainType("message")]
[CollectionAgeLimit(Minutes = 2)]
[PreferLocalPlacement]
internal sealed partial class MessageGrain(
    IMessageStore store, IConsentStore consents, TimeProvider clock, MessageMetrics metrics, ILogger<MessageGrain> logger) : Grain, IMessageGrain
{
    // Who has told that a message arrived answers its send at about the same time, if ever.
    private static readonly TimeSpan OvertakenOutcome = TimeSpan.FromSeconds(5);

    private readonly List<Waiter<bool>> _waiters = [];
    private string _tenantId = null!;
    private string _id = null!;
    private Message? _message;
    private bool _loaded;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        (_tenantId, _id) = (key[..slash], key[(slash + 1)..]);
        return Task.CompletedTask;
    }

    public async Task<AcceptOutcome> Accept(MessageEnvelope envelope, long epoch, bool claim)
    {
        // A new message has no row: the insert itself finds out whether that is so.
        if (_message is null && await Store(Message.Accept(envelope, epoch, claim), fenced: true))
        {
            return new AcceptOutcome.Accepted(_message!);
        }

        if (await Load() is null && await AcceptRefused(envelope, epoch, claim))
        {
            return new AcceptOutcome.Accepted(_message!);
        }

        return await Load() switch
        {
            null => envelope.QuotaEpoch is null ? new AcceptOutcome.Fenced() : new AcceptOutcome.Lapsed(),
            { } message when message.Envelope.Fingerprint != envelope.Fingerprint => new AcceptOutcome.KeyReused(),
            { } message => new AcceptOutcome.Repeated(message),
        };
    }

    public async Task<ClaimOutcome> Claim(long epoch, int attempt)
    {
        var message = await Load();
        if (message?.IsClaimedBy(epoch, attempt) == true)
        {
            return await ClaimedBefore(message);
        }

        if (message?.Claim(epoch, clock.GetUtcNow()) is not { } claim || claim.Message.Attempt != attempt)
        {
            return new ClaimOutcome.Refused(message);
        }

        if (await Store(claim, fenced: true))
        {
            return new ClaimOutcome.Claimed(_message!);
        }

        // The row is where we thought it is, so it was consent or the fence; else it has moved on: by this very claim, which another
        // activation of this message had stored too late to say so, or by something else.
        var stored = await Load();
        if (stored?.Version == message.Version && await ClaimRefused(claim) is { } outcome)
        {
            return outcome;
        }

        stored = await Load();
        return stored?.Version == message.Version ? new ClaimOutcome.Fenced()
            : stored?.IsClaimedBy(epoch, attempt) == true ? new ClaimOutcome.Claimed(stored)
            : new ClaimOutcome.Refused(stored);
    }

    public async Task<Message?> Hold(long epoch, DateTimeOffset notBefore, HoldReason? reason, Contact? contact)
    {
        while (await Load() is { } message)
        {
            if (message.Epoch > epoch)
            {
                return null;
            }

            if (message.Wait(epoch, notBefore, reason, contact, clock.GetUtcNow()) is not { } wait || await Store(wait, fenced: true))
            {
                return _message;
            }

            if ((await Load())?.Version == message.Version)
            {
                return null; // the row is where we thought it is, so it was the fence
            }
        }

        return null;
    }

    public async Task<Message> Record(long epoch, int attempt, DispatchOutcome outcome) =>
        await Change(message => message.Record(epoch, attempt, outcome, clock.GetUtcNow()))
        ?? throw new InvalidOperationException($"Message {_id} has an outcome but no row.");

    public Task<Message?> Apply(ImmutableArray<DeliveryEvent> events) => Tracing.IsOn ? ApplyTraced(events) : Take(events);

    public Task Abandon(Failure failure) => Change(message => message.Abandon(failure, clock.GetUtcNow()));

    public Task FlagOverdue() => Change(message => message.FlagOverdue(clock.GetUtcNow()));

    public async Task<Message?> WaitUntilDispatched(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var deadline = clock.GetUtcNow() + timeout;
        while (true)
        {
            var read = _loaded ? null : await store.FindAsync(_tenantId, _id, cancellationToken);
            var message = _loaded ? _message : read; // what was stored while we read is newer
            var now = clock.GetUtcNow();
            var soon = now + OvertakenOutcome;
            deadline = message is { IsOvertaken: true } && soon < deadline ? soon : deadline;
            var left = deadline - now;
            if (message is not ({ State: MessageState.Queued or MessageState.Dispatching } or { IsOvertaken: true })
                || left <= TimeSpan.Zero || cancellationToken.IsCancellationRequested)
            {
                return message;
            }

            using var change = new Waiter<bool>(clock, left, false, cancellationToken);
            _waiters.Add(change);
            await change.Task;
            _waiters.Remove(change);
        }
    }

    private async Task<Message?> ApplyTraced(ImmutableArray<DeliveryEvent> events)
    {
        if (await Load() is not { } message)
        {
            return null;
        }

        using var span = Tracing.ProviderEvent(message, string.Join(' ', events.Select(e => e.Stage)));
        try
        {
            return await Take(events);
        }
        catch (Exception e)
        {
            span.Failed(e);
            throw;
        }
    }

    private async Task<Message?> Take(ImmutableArray<DeliveryEvent> events)
    {
        var news = 0;
        var message = await Change(message =>
        {
            var transition = message.Apply(events);
            news = transition?.Timeline.Length ?? 0;
            return transition;
        });
        metrics.Repeated(message is null ? 0 : events.Length - news);
        return message;
    }

    // Another activation of this message may have written in between: then the rule is asked again, about the row as it is.
    private async Task<Message?> Change(Func<Message, Transition?> rule)
    {
        while (await Load() is { } message)
        {
            if (rule(message) is not { } transition)
            {
                return message;
            }

            if (await Store(transition, fenced: false))
            {
                return _message;
            }

            Log.WriteConflict(logger, _id);
        }

        return null;
    }

    private async Task<Message?> Load()
    {
        if (!_loaded)
        {
            _message = await store.FindAsync(_tenantId, _id);
            _loaded = _message is not null;
        }

        return _message;
    }

    private async Task<bool> Store(Transition transition, bool fenced)
    {
        _loaded = false; // until we know: an exception leaves the outcome open, and the next call reads the row
        transition = transition.TraceParent is { } trace ? transition with { TraceParent = Tracing.Within(trace) } : transition;
        if (await store.WriteAsync(transition, fenced) != WriteOutcome.Written)
        {
            return false;
        }

        (_message, _loaded) = (transition.Message, true);
        metrics.Stored(transition);
        _waiters.ForEach(waiter => waiter.Complete(true));
        if (transition.Message.IsSettled)
        {
            DeactivateOnIdle();
        }

        return true;
    }
}
