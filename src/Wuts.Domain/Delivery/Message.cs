using System.Collections.Immutable;
using System.Globalization;
using Orleans;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;
using Wuts.Domain.Webhooks;

namespace Wuts.Domain.Delivery;

/// <summary>
/// One accepted message: what was accepted, how its dispatch went, and what the network proved of it. Every change is a
/// <see cref="Transition"/>, which carries the timeline and the webhook events that must be stored with it.
/// </summary>
/// <remarks>
/// <see cref="Dispatch"/> is our own side and may go back (a retry); <see cref="Delivery"/> is evidence and only grows.
/// Evidence beats inference, so <see cref="State"/> is the evidence as soon as there is any.
/// </remarks>
[GenerateSerializer, Immutable, Alias("wuts.message")]
public sealed record Message
{
    [Id(0)] public required MessageEnvelope Envelope { get; init; }

    /// <summary>The stored row's version, 1 at acceptance; each write expects the one before.</summary>
    [Id(1)] public required int Version { get; init; }

    /// <summary>The epoch of the device activation that last accepted or claimed it.</summary>
    [Id(2)] public required long Epoch { get; init; }

    /// <summary>Dispatch attempts claimed so far.</summary>
    [Id(3)] public int Attempt { get; init; }

    /// <summary>Our side: queued, dispatching, uncertain, sent, or one of the final refusals.</summary>
    [Id(4)] public MessageState Dispatch { get; init; }

    /// <summary>It does not leave before this: a retry, or one that is held. <c>null</c> for its due time.</summary>
    [Id(5)] public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The id under which the network knows it; set before the first attempt where the sender chooses it.</summary>
    [Id(6)] public string? ProviderId { get; init; }

    [Id(7)] public MessageDelivery Delivery { get; init; } = MessageDelivery.None;

    /// <summary>Why the last attempt failed, while no evidence says more.</summary>
    [Id(8)] public Failure? LastFailure { get; init; }

    /// <summary>When the outcome of an attempt was first unknown. Stays, also once evidence settled it.</summary>
    [Id(9)] public DateTimeOffset? UncertainAt { get; init; }

    /// <summary>When it was found without the receipt it should have had by then.</summary>
    [Id(10)] public DateTimeOffset? OverdueAt { get; init; }

    /// <summary>Why it waits until <see cref="NotBefore"/>; <c>null</c> when it waits for nothing but its turn.</summary>
    [Id(11)] public HoldReason? Hold { get; init; }

    public MessageState State => Delivery.State ?? Dispatch;

    /// <summary>Why it failed; <c>null</c> unless <see cref="State"/> is a failure or a refusal.</summary>
    public Failure? Failure => State switch
    {
        MessageState.Failed => Delivery.Failure ?? LastFailure,
        MessageState.Rejected or MessageState.Expired => LastFailure,
        _ => null,
    };

    /// <summary>Whether it still waits for its dispatch, so that its device must have it in its queue.</summary>
    public bool IsUnsent => State is MessageState.Queued or MessageState.Dispatching or MessageState.Uncertain;

    /// <summary>
    /// Whether a receipt came before the outcome of the attempt that it proves. That outcome may follow, and bring the time at which the
    /// network took the message.
    /// </summary>
    public bool IsOvertaken => Dispatch == MessageState.Dispatching && Delivery is { State: not null, SentAt: null };

    /// <summary>Whether something is still expected of it: its dispatch, or a first word from the recipient's phone.</summary>
    public bool IsOpen => (IsUnsent && !(State == MessageState.Uncertain && OverdueAt is not null)) || (State == MessageState.Sent && OverdueAt is null);

    /// <summary>Whether nothing stronger can follow, so that its grain need not stay in memory.</summary>
    public bool IsSettled => State is MessageState.Played or MessageState.Canceled or MessageState.Rejected;

    /// <summary>Whether a person should look: it failed, nobody knows, or a receipt is missing.</summary>
    public bool NeedsAttention =>
        State is MessageState.Failed or MessageState.Expired or MessageState.Uncertain || (State == MessageState.Sent && OverdueAt is not null);

    /// <summary>Takes a message in. With <paramref name="claim"/> it is accepted and claimed at once, for a device that is idle and ready.</summary>
    public static Transition Accept(MessageEnvelope envelope, long epoch, bool claim)
    {
        var placement = envelope.Placement;
        var message = new Message
        {
            Envelope = envelope.Accepted, Version = 1, Epoch = epoch, NotBefore = placement?.NotBefore, Hold = placement?.Hold,
        };
        var timeline = ImmutableArray.Create(new TimelineEntry(envelope.AcceptedAt, TimelineKind.Accepted, TimelineSource.Api, 0));
        timeline = placement is { Hold: { } hold, NotBefore: { } until } ? timeline.Add(HoldEntry(hold, until, envelope.AcceptedAt, 0)) : timeline;
        var transition = claim
            ? new Transition(message.Claimed(epoch), timeline.Add(message.ClaimEntry(envelope.AcceptedAt)), [])
            : new(message, timeline, []);
        return transition with { Contact = placement?.Contact, QuotaEpoch = envelope.QuotaEpoch };
    }

    /// <summary>Takes a message in only to say why it will not leave: one that a rule of ours refuses is a message too, and can be asked for.</summary>
    public static Transition Refuse(MessageEnvelope envelope, long epoch, Failure failure) => new(
        new() { Envelope = envelope.Accepted, Version = 1, Epoch = epoch, Dispatch = MessageState.Rejected, LastFailure = failure },
        [
            new(envelope.AcceptedAt, TimelineKind.Accepted, TimelineSource.Api, 0),
            new(envelope.AcceptedAt, TimelineKind.Rejected, TimelineSource.Rule, 0, Describe(failure)),
        ],
        [new(WebhookEvents.MessageRejected, envelope.AcceptedAt)]);

    /// <summary>Whether exactly this attempt is claimed and has no outcome yet, so that its owner may be given the claim again.</summary>
    public bool IsClaimedBy(long epoch, int attempt) => State == MessageState.Dispatching && Epoch == epoch && Attempt == attempt;

    /// <summary>
    /// Takes the right to hand it to the network, once. Refused (<c>null</c>) unless it is queued and its time has come:
    /// after another claim, after evidence that it was sent, and to an older epoch than the last.
    /// </summary>
    public Transition? Claim(long epoch, DateTimeOffset now) =>
        State == MessageState.Queued && epoch >= Epoch && (NotBefore ?? Envelope.DueAt) <= now
            ? new(Claimed(epoch) with { Version = Version + 1 }, [ClaimEntry(now)], [])
            : null;

    /// <summary>
    /// Puts a queued message off, or lets one go that was put off. Refused (<c>null</c>) unless it is queued, to an older epoch than the
    /// last, and when nothing changes. It never leaves before it is due.
    /// </summary>
    /// <param name="hold">Why; <c>null</c> to let it go.</param>
    /// <param name="contact">The recipient as a contact, where that changes with it.</param>
    public Transition? Wait(long epoch, DateTimeOffset notBefore, HoldReason? hold, Contact? contact, DateTimeOffset now)
    {
        var until = notBefore > Envelope.DueAt ? notBefore : Envelope.DueAt;
        if (State != MessageState.Queued || epoch < Epoch || (Hold == hold && NotBefore == until))
        {
            return null;
        }

        var entry = hold is { } why ? HoldEntry(why, until, now, Attempt) : new(now, TimelineKind.Released, TimelineSource.Rule, Attempt);
        return Moved(this with { NotBefore = until, Hold = hold, Epoch = epoch }, entry) with { Contact = contact };
    }

    /// <summary>
    /// Notes how a claimed attempt ended. <c>null</c> when that is no news: the attempt is not the current one, or its
    /// outcome was noted before.
    /// </summary>
    public Transition? Record(long epoch, int attempt, DispatchOutcome outcome, DateTimeOffset now)
    {
        if (attempt != Attempt || epoch != Epoch || Dispatch is not (MessageState.Dispatching or MessageState.Uncertain))
        {
            return null;
        }

        if (Delivery.State is not null && outcome is not DispatchOutcome.Accepted)
        {
            return null; // the network has spoken: what we infer of the attempt is worth nothing any more
        }

        return outcome switch
        {
            DispatchOutcome.Accepted accepted => Accepted(accepted),

            DispatchOutcome.Retry retry => Moved(
                this with { Dispatch = MessageState.Queued, NotBefore = retry.NotBefore, Hold = retry.Hold, LastFailure = retry.Failure },
                new(now, TimelineKind.RetryScheduled, TimelineSource.Device, Attempt, Describe(retry.Failure))),

            DispatchOutcome.Failed failed => Moved(
                this with { Dispatch = MessageState.Failed, LastFailure = failed.Failure },
                new(now, TimelineKind.Failed, TimelineSource.Device, Attempt, Describe(failed.Failure)),
                WebhookEvents.MessageFailed),

            DispatchOutcome.Unknown unknown when Dispatch == MessageState.Dispatching => Moved(
                this with { Dispatch = MessageState.Uncertain, UncertainAt = UncertainAt ?? now },
                new(now, TimelineKind.Uncertain, TimelineSource.Device, Attempt, unknown.Reason),
                WebhookEvents.MessageUncertain),

            DispatchOutcome.NotTaken => Moved(
                this with { Dispatch = MessageState.Queued, NotBefore = now },
                new(now, TimelineKind.NotSent, TimelineSource.Network, Attempt, "It has not left: it goes back to its place in the queue.")),

            // The device stops asking; a late receipt still settles it.
            DispatchOutcome.LeftUncertain when OverdueAt is null => Moved(
                this with { OverdueAt = now },
                new(now, TimelineKind.Overdue, TimelineSource.Device, Attempt, "No evidence either way: it will not be sent again.")),

            _ => null,
        };
    }

    /// <summary>Gives up a message that has not left; <c>null</c> when it has, or is done with. What may have left stays uncertain.</summary>
    public Transition? Abandon(Failure failure, DateTimeOffset now) => State switch
    {
        MessageState.Queued => Moved(
            this with { Dispatch = MessageState.Failed, LastFailure = failure },
            new(now, TimelineKind.Failed, TimelineSource.Rule, Attempt, Describe(failure)),
            WebhookEvents.MessageFailed),
        MessageState.Dispatching => Record(Epoch, Attempt, new DispatchOutcome.Unknown(failure.Explanation), now),
        MessageState.Uncertain => Record(Epoch, Attempt, new DispatchOutcome.LeftUncertain(), now),
        _ => null,
    };

    /// <summary>Refuses it by a rule of ours, for good; <c>null</c> unless it is queued.</summary>
    public Transition? Reject(Failure failure, DateTimeOffset now) => State == MessageState.Queued
        ? Moved(
            this with { Dispatch = MessageState.Rejected, LastFailure = failure },
            new(now, TimelineKind.Rejected, TimelineSource.Rule, Attempt, Describe(failure)),
            WebhookEvents.MessageRejected)
        : null;

    /// <summary>Takes in what the network says of it; <c>null</c> when nothing in it is news.</summary>
    public Transition? Apply(IEnumerable<DeliveryEvent> events)
    {
        var delivery = Delivery;
        var timeline = ImmutableArray.CreateBuilder<TimelineEntry>();
        var webhooks = ImmutableArray.CreateBuilder<WebhookEvent>();
        foreach (var @event in events)
        {
            var next = delivery.Apply(@event);
            if (ReferenceEquals(next, delivery))
            {
                continue;
            }

            timeline.Add(new(@event.At, KindOf(@event.Stage), TimelineSource.Network, Attempt, @event.Failure is { } failure ? Describe(failure) : null));
            if (delivery.At(@event.Stage) is null && !(@event.Stage == DeliveryStage.Failed && Dispatch == MessageState.Failed))
            {
                webhooks.Add(new(WebhookEvents.Of(@event.Stage), @event.At)); // a corrected time, or a failure told before, is no second event
            }

            delivery = next;
        }

        return timeline.Count == 0
            ? null
            : new(this with { Delivery = delivery, Version = Version + 1 }, timeline.DrainToImmutable(), webhooks.DrainToImmutable());
    }

    /// <summary>Flags a message whose receipt is missing at <paramref name="now"/>; <c>null</c> unless it is sent and not flagged.</summary>
    public Transition? FlagOverdue(DateTimeOffset now) =>
        State == MessageState.Sent && OverdueAt is null
            ? Moved(this with { OverdueAt = now }, new(now, TimelineKind.Overdue, TimelineSource.Rule, Attempt))
            : null;

    private Message Claimed(long epoch) =>
        this with { Dispatch = MessageState.Dispatching, Epoch = epoch, Attempt = Attempt + 1, ProviderId = ProviderId ?? Envelope.Id, NotBefore = null, Hold = null };

    private TimelineEntry ClaimEntry(DateTimeOffset at) => new(at, TimelineKind.Claimed, TimelineSource.Device, Attempt + 1);

    private static TimelineEntry HoldEntry(HoldReason hold, DateTimeOffset until, DateTimeOffset at, int attempt)
    {
        var time = until.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return new(at, TimelineKind.Held, TimelineSource.Rule, attempt, $"{Describe(hold)} Not before {time} UTC.");
    }

    private static string Describe(HoldReason hold) => hold switch
    {
        HoldReason.WarmUp => "The number is being warmed up, and the recipient is new to it.",
        HoldReason.Restricted => "WhatsApp does not let the number write to this recipient yet.",
        _ => "It is tried again.",
    };

    private Transition Accepted(DispatchOutcome.Accepted accepted) => new(
        this with
        {
            Dispatch = MessageState.Sent,
            ProviderId = accepted.ProviderId,
            LastFailure = null,
            Delivery = Delivery.Apply(new(DeliveryStage.Sent, accepted.At)),
            Version = Version + 1,
        },
        [new(accepted.At, TimelineKind.Sent, TimelineSource.Device, Attempt)],
        Delivery.SentAt is null ? [new(WebhookEvents.MessageSent, accepted.At)] : []);

    private Transition Moved(Message next, TimelineEntry entry, string? webhookEvent = null) => new(
        next with { Version = Version + 1 },
        [entry],
        webhookEvent is null ? [] : [new(webhookEvent, entry.At)]);

    private static TimelineKind KindOf(DeliveryStage stage) => stage switch
    {
        DeliveryStage.Sent => TimelineKind.Sent,
        DeliveryStage.Failed => TimelineKind.Failed,
        DeliveryStage.Delivered => TimelineKind.Delivered,
        DeliveryStage.Read => TimelineKind.Read,
        _ => TimelineKind.Played,
    };

    private static string Describe(Failure failure) => $"{failure.Code}: {failure.Explanation}";
}

/// <summary>A change of a message with all that must be stored in the same transaction.</summary>
public sealed record Transition(Message Message, ImmutableArray<TimelineEntry> Timeline, ImmutableArray<WebhookEvent> Events)
{
    /// <summary>Under which span of the message's trace its events are delivered; that of the acceptance, unless a nearer one is known.</summary>
    public string? TraceParent { get; init; } = Message.Envelope.TraceParent;

    /// <summary>The recipient as a contact of the number, where that is news.</summary>
    public Contact? Contact { get; init; }

    /// <summary>Stored only while this is its tenant's epoch of admissions; <c>null</c> for at any time.</summary>
    public long? QuotaEpoch { get; init; }
}
