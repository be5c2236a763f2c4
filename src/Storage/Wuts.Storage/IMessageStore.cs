using System.Collections.Immutable;
using Orleans;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;

namespace Wuts.Storage;

/// <summary>Messages: one row each, which is also the queue. SQLite and PostgreSQL implement it.</summary>
public interface IMessageStore
{
    Task<Message?> FindAsync(string tenantId, string messageId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores a transition in one transaction: the row, its timeline entries, its contact, an outbox event for each subscribed
    /// endpoint, and the counts. Version 1 inserts; every later version replaces the version before it and nothing else.
    /// </summary>
    /// <param name="fenced">
    /// The write also needs <see cref="Message.Epoch"/> to be its device's current epoch and, unless the message is being rejected, a
    /// recipient who may be written to (<see cref="Domain.Compliance.ConsentPolicy.Refuse"/>). So it is for an acceptance and a claim.
    /// </param>
    /// <returns>
    /// <see cref="WriteOutcome.Conflict"/> when the row is not at the version before, exists already, or is fenced off, or when consent
    /// forbids it: nothing of this transition was stored, and other writers were not disturbed.
    /// </returns>
    /// <exception cref="StorageUnavailableException">
    /// The outcome is unknown: read the row again before deciding anything. Also when so many writes wait that this one was not taken.
    /// </exception>
    /// <exception cref="InvalidOperationException">The database will never accept this row. Nothing of it was stored, and others were not disturbed.</exception>
    Task<WriteOutcome> WriteAsync(Transition transition, bool fenced, CancellationToken cancellationToken = default);

    Task<ImmutableArray<TimelineEntry>> ReadTimelineAsync(string tenantId, string messageId, CancellationToken cancellationToken = default);

    /// <summary>A device's unsent messages in the order of their position, a page at a time.</summary>
    /// <param name="afterPosition">Only positions above this; start with <see cref="long.MinValue"/>.</param>
    Task<ImmutableArray<UnsentMessage>> ListUnsentAsync(
        DeviceKey device, long afterPosition, int limit, CancellationToken cancellationToken = default);

    /// <summary>The ids of a tenant's devices that have unsent messages to a chat.</summary>
    Task<ImmutableArray<string>> ListDevicesWithUnsentAsync(string tenantId, string chatJid, CancellationToken cancellationToken = default);

    /// <summary>The devices that have unsent messages.</summary>
    Task<ImmutableArray<DeviceKey>> ListDevicesWithUnsentAsync(CancellationToken cancellationToken = default);

    /// <summary>Messages in state <see cref="MessageState.Sent"/>, accepted before a time and not flagged overdue: oldest first.</summary>
    Task<ImmutableArray<(string TenantId, string MessageId)>> ListOverdueAsync(
        DateTimeOffset acceptedBefore, int limit, CancellationToken cancellationToken = default);
}

/// <summary>What a device needs of an unsent message to queue it.</summary>
/// <param name="State">Queued, dispatching or uncertain.</param>
/// <param name="ReadyAt">Its due time, or the time of its retry.</param>
/// <param name="TraceParent">As in its envelope.</param>
/// <param name="AcceptedAt">As in its envelope.</param>
/// <param name="Hold">Why it waits until <paramref name="ReadyAt"/>; <c>null</c> for its due time.</param>
public sealed record UnsentMessage(
    string Id,
    string ChatJid,
    long Position,
    DateTimeOffset ReadyAt,
    TimeSpan Typing,
    MessageState State,
    long Epoch,
    int Attempt,
    string? TraceParent = null,
    Category Category = Category.Utility,
    DateTimeOffset AcceptedAt = default,
    HoldReason? Hold = null);

/// <summary>How a conditional write ended.</summary>
public enum WriteOutcome
{
    Written,

    /// <summary>Its condition did not hold. Nothing was stored.</summary>
    Conflict,
}

/// <summary>The database did not answer, or broke off: whether the write was committed is unknown.</summary>
[GenerateSerializer, Alias("wuts.storage-unavailable")]
public sealed class StorageUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
