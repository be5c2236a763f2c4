using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Webhooks;

namespace Wuts.Storage;

/// <summary>
/// Webhook endpoints and their outbox. Each endpoint's events are numbered 1, 2, 3… without gaps in the order in which they were
/// committed. A watermark says through which number all are dealt with; only events whose first attempt failed have a row of
/// their own besides.
/// </summary>
public interface IWebhookStore
{
    /// <summary>
    /// Creates or replaces the endpoint of a device. On replacement the stored id, creation time, numbering and outbox stay.
    /// From when this returns, exactly the transitions committed later make events for it.
    /// </summary>
    /// <returns>The endpoint as stored.</returns>
    Task<WebhookEndpoint> PutAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken = default);

    Task<WebhookEndpoint?> FindByDeviceAsync(string tenantId, string deviceId, CancellationToken cancellationToken = default);

    Task<WebhookEndpoint?> FindAsync(string tenantId, string endpointId, CancellationToken cancellationToken = default);

    /// <summary>Removes an endpoint with its outbox. Returns <c>false</c> if there was none.</summary>
    Task<bool> DeleteAsync(string tenantId, string endpointId, CancellationToken cancellationToken = default);

    /// <summary>Stops an endpoint for a reason that people will read. Its outbox is kept.</summary>
    Task DisableAsync(string tenantId, string endpointId, string reason, DateTimeOffset at, CancellationToken cancellationToken = default);

    /// <summary>The number through which everything is dealt with; 0 for a new endpoint.</summary>
    Task<long> ReadWatermarkAsync(string endpointId, CancellationToken cancellationToken = default);

    /// <summary>Events numbered above <paramref name="afterSequence"/>, in order.</summary>
    Task<ImmutableArray<OutboxEvent>> ReadAfterAsync(
        string tenantId, string endpointId, long afterSequence, int limit, CancellationToken cancellationToken = default);

    /// <summary>Failed events to be tried again, the most overdue first, up to <paramref name="dueBefore"/>.</summary>
    Task<ImmutableArray<OutboxRetry>> ReadRetriesAsync(
        string tenantId, string endpointId, DateTimeOffset dueBefore, int limit, CancellationToken cancellationToken = default);

    /// <summary>When the next failed event is to be tried; <c>null</c> when none waits.</summary>
    Task<DateTimeOffset?> FindNextRetryAsync(string endpointId, CancellationToken cancellationToken = default);

    /// <summary>Stores what deliveries came to: the watermark, and a row for each event that failed. Goes through the batch writer. Safe to repeat.</summary>
    Task SaveProgressAsync(WebhookProgress progress, CancellationToken cancellationToken = default);

    /// <summary>Enabled endpoints with events above their watermark, or with a retry due before a time.</summary>
    Task<ImmutableArray<EndpointKey>> ListBehindAsync(DateTimeOffset dueBefore, CancellationToken cancellationToken = default);

    /// <summary>Events whose attempts ran out, newest first.</summary>
    Task<ImmutableArray<OutboxRetry>> ListDeadLettersAsync(
        string tenantId, string endpointId, int limit, CancellationToken cancellationToken = default);
}

/// <summary>Names an endpoint; its grain key is <c>{tenant}/{endpoint}</c>.</summary>
public sealed record EndpointKey(string TenantId, string EndpointId)
{
    public override string ToString() => $"{TenantId}/{EndpointId}";
}

/// <summary>One event to deliver.</summary>
/// <param name="Message">The message it is about, as it is now; <c>null</c> for an event with <paramref name="DataJson"/> of its own.</param>
/// <param name="TraceParent">The W3C <c>traceparent</c> of what caused it, if that trace is recorded.</param>
public sealed record OutboxEvent(long Sequence, string Type, DateTimeOffset At, Message? Message, string? DataJson, string? TraceParent = null);

/// <summary>An event whose delivery failed before.</summary>
/// <param name="Attempts">Failed attempts so far.</param>
/// <param name="NextAttemptAt">When it is due again; <c>null</c> for a dead letter.</param>
public sealed record OutboxRetry(OutboxEvent Event, int Attempts, DateTimeOffset? NextAttemptAt, int? LastStatus, string? LastError);

/// <summary>What a round of deliveries came to.</summary>
/// <param name="DeliveredThrough">The new watermark; never lowers the stored one.</param>
/// <param name="Attempts">Failed attempts, and successes of events that had failed before.</param>
public sealed record WebhookProgress(
    string TenantId, string EndpointId, long DeliveredThrough, ImmutableArray<WebhookAttemptRecord> Attempts);

/// <summary>One attempt that is kept.</summary>
/// <param name="Number">Which attempt of this event it was, from 1.</param>
/// <param name="NextAttemptAt">When to try again; <c>null</c> after a success or for a dead letter.</param>
public sealed record WebhookAttemptRecord(
    long Sequence, int Number, DateTimeOffset At, WebhookAttempt Attempt, DateTimeOffset? NextAttemptAt);

/// <summary>Told after a commit which endpoints have new events. Must return at once and never throw.</summary>
public interface IOutboxListener
{
    void OnCommitted(IReadOnlyCollection<EndpointKey> endpoints);
}
