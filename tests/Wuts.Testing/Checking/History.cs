using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;

namespace Wuts.Testing.Checking;

/// <summary>
/// What happened in a run, as parties saw it that know nothing of each other: the clients, the network, the tenants' receivers,
/// and the store once the world has calmed down. <see cref="Checker"/> judges it.
/// </summary>
public sealed partial record History
{
    /// <summary>
    /// What clients asked, and what they were told: all of them, also those that never had an answer. One entry a request; a
    /// repetition is a request of its own. All clients go by one clock.
    /// </summary>
    public required ImmutableArray<ClientRequest> Requests { get; init; }

    /// <summary>What the network was handed, in the order in which it took it. It counts each time, also under an id it has seen.</summary>
    public required ImmutableArray<HandOver> HandOvers { get; init; }

    /// <summary>What the network told of messages and got acknowledged: from then on it is ours to remember.</summary>
    public required ImmutableArray<AcknowledgedReceipt> Receipts { get; init; }

    /// <summary>The rows at the end.</summary>
    public required ImmutableArray<StoredMessage> Messages { get; init; }

    /// <summary>The outbox at the end.</summary>
    public required ImmutableArray<StoredEvent> Events { get; init; }

    /// <summary>What receivers got, each try. Not those of an endpoint that was deleted, for its outbox is gone.</summary>
    public required ImmutableArray<WebhookTry> WebhookTries { get; init; }

    /// <summary>Crashes, stalls and outages, and everything else that makes a device leave its activation.</summary>
    public ImmutableArray<Disturbance> Disturbances { get; init; } = [];

    /// <summary>Writes that needed the current epoch of a device, where the run could see them.</summary>
    public ImmutableArray<FencedWrite> FencedWrites { get; init; } = [];

    /// <summary>What the network brought from others and got acknowledged, each time; <c>null</c> where the run does not know.</summary>
    public ImmutableArray<AcknowledgedInbound>? Inbound { get; init; }

    /// <summary>Endpoints that must have been told everything.</summary>
    public ImmutableArray<WatchedEndpoint> WatchedEndpoints { get; init; } = [];

    /// <summary>
    /// Hand-overs beyond the first of their message that the run's disturbances can explain, all messages together: the
    /// dispatches that were in flight at them. <c>null</c> for no limit.
    /// </summary>
    public int? MostRepeatedHandOvers { get; init; }

    /// <summary>How far the clocks of two parties may be apart, with what they round off.</summary>
    public TimeSpan ClockTolerance { get; init; }
}

/// <summary>One request to send, by one client.</summary>
/// <param name="Chat">The recipient, as the row names it.</param>
/// <param name="Payload">What was asked for; two requests with the same text here are the same request.</param>
/// <param name="AskedAt">When the client began to send it.</param>
/// <param name="AnsweredAt">When the client had its answer; <c>null</c> if it never had one (it hung up, or the link broke).</param>
public sealed record ClientRequest(
    string TenantId, string DeviceId, string Chat, string? IdempotencyKey, string Payload, DateTimeOffset AskedAt, DateTimeOffset? AnsweredAt, ClientAnswer Answer)
{
    /// <summary>How long the message was to be held back.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The message that the answer names, whatever else it says.</summary>
    public string? NamedMessage => Answer switch
    {
        ClientAnswer.Accepted accepted => accepted.MessageId,
        ClientAnswer.Refused refused => refused.MessageId,
        _ => null,
    };
}

/// <summary>What a client was told.</summary>
public abstract record ClientAnswer
{
    private ClientAnswer()
    {
    }

    /// <summary>A 2xx: from here on the message must not be lost.</summary>
    public sealed record Accepted(string MessageId, MessageState State) : ClientAnswer;

    /// <summary>Any other status. It promises nothing, but names the message where there is one.</summary>
    public sealed record Refused(string Code, string? MessageId = null) : ClientAnswer
    {
        /// <summary>The names of the quotas that the answer says are used up.</summary>
        public ImmutableArray<string> ViolatedPolicies { get; init; } = [];
    }

    public sealed record None : ClientAnswer;
}

/// <summary>The network took a message: from here on its recipient may see it.</summary>
public sealed record HandOver(DateTimeOffset At, string TenantId, string DeviceId, string Chat, string MessageId)
{
    /// <summary>When the device began to hand it over; <c>null</c> where only <see cref="At"/> is known.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>When the network answered; <c>null</c> where that is not known.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The nearest that is known to when the device decided to send.</summary>
    public DateTimeOffset Began => From ?? At;
}

/// <summary>The network told something of a message, and was told that we have it.</summary>
/// <param name="At">When our side said that it is durable.</param>
public sealed record AcknowledgedReceipt(DateTimeOffset At, string MessageId, DeliveryStage Stage);

/// <summary>Somebody wrote to a device, and the network was told that we have it.</summary>
/// <param name="Id">The network's id of it; the same id again is the same message.</param>
public sealed record AcknowledgedInbound(DateTimeOffset At, string TenantId, string DeviceId, string Id)
{
    /// <summary>Who wrote; <c>null</c> where that is not known.</summary>
    public string? Chat { get; init; }

    /// <summary>What was written; <c>null</c> where that is not known.</summary>
    public string? Text { get; init; }

    /// <summary>When the network first brought it, from when on we may know of it; <c>null</c> where only <see cref="At"/> is known.</summary>
    public DateTimeOffset? CameAt { get; init; }
}

/// <summary>A message's row and timeline.</summary>
/// <param name="WasUncertain">Whether its outcome was ever unknown.</param>
/// <param name="States">Every state it was stored in, in order, the last one being what it is now; empty where only the end is known.</param>
public sealed record StoredMessage(
    string TenantId,
    string DeviceId,
    string Id,
    string Chat,
    long Position,
    DateTimeOffset AcceptedAt,
    DateTimeOffset DueAt,
    MessageState State,
    bool WasUncertain,
    bool IsOverdue,
    ImmutableArray<TimelineEntry> Timeline,
    ImmutableArray<MessageState> States)
{
    public Category Category { get; init; }

    /// <summary>Whether it is ours, to confirm an opt-out: nobody asked for it, and consent does not hold it.</summary>
    public bool ConsentExempt { get; init; }
}

/// <summary>An event of the outbox.</summary>
/// <param name="Expected">Whether its endpoint is enabled, so that the event must have reached it, or be a dead letter.</param>
/// <param name="IsDead">Whether its attempts ran out.</param>
public sealed record StoredEvent(string EndpointId, long Sequence, string Type, string? MessageId, string WebhookId, bool Expected, bool IsDead)
{
    /// <summary>When it happened, for the story of its message.</summary>
    public DateTimeOffset? At { get; init; }
}

/// <summary>One try at a receiver.</summary>
/// <param name="Body">What was posted, so that tries of one event can be compared.</param>
/// <param name="Took">Whether the receiver has kept it, whatever it answered.</param>
public sealed record WebhookTry(DateTimeOffset At, string EndpointId, string WebhookId, string Type, string? MessageId, string Body, bool Took);

/// <summary>Something that was done to the system from outside.</summary>
public sealed record Disturbance(DateTimeOffset At, string What, DateTimeOffset? Until = null);

/// <summary>An acceptance, a claim or a session, as the store saw it.</summary>
/// <param name="MessageId">Of the message, or what names the session.</param>
/// <param name="Epoch">The epoch of the activation that wrote.</param>
/// <param name="CurrentEpoch">The device's epoch at that moment.</param>
/// <param name="Stored">Whether the store let it in.</param>
public sealed record FencedWrite(DateTimeOffset At, string MessageId, long Epoch, long CurrentEpoch, bool Stored);

/// <summary>An endpoint that has its device's events from before the first message to the end, and was never disabled.</summary>
public sealed record WatchedEndpoint(string EndpointId, string TenantId, string DeviceId)
{
    /// <summary>What it subscribed to; <c>null</c> for everything.</summary>
    public ImmutableHashSet<string>? Types { get; init; }
}
