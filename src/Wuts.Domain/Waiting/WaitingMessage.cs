using System.Collections.Immutable;
using Orleans;
using Wuts.Domain.Delivery;

namespace Wuts.Domain.Waiting;

/// <summary>What the row of a message that has not left says of its waiting.</summary>
/// <param name="ReadyAt">It does not leave before this: its due time, or the time of its retry.</param>
/// <param name="ChangedAt">When the last thing happened to it.</param>
/// <param name="Refusal">Why WhatsApp refused the last attempt; <c>null</c> unless it waits for the next.</param>
/// <param name="Open">Whether its device still does something about it.</param>
/// <param name="Hold">Why it waits until <paramref name="ReadyAt"/>, where that is not its due time.</param>
[GenerateSerializer, Immutable, Alias("wuts.waiting-message")]
public sealed record WaitingMessage(
    [property: Id(0)] string Id,
    [property: Id(1)] MessageState State,
    [property: Id(2)] DateTimeOffset AcceptedAt,
    [property: Id(3)] DateTimeOffset ReadyAt,
    [property: Id(4)] DateTimeOffset ChangedAt,
    [property: Id(5)] Failure? Refusal,
    [property: Id(6)] bool Open,
    [property: Id(7)] HoldReason? Hold = null)
{
    /// <summary><c>null</c> for a message that waits for nothing.</summary>
    public static WaitingMessage? Of(Message message, ImmutableArray<TimelineEntry> timeline) => message.IsUnsent
        ? new(
            message.Envelope.Id,
            message.State,
            message.Envelope.AcceptedAt,
            message.NotBefore ?? message.Envelope.DueAt,
            timeline.IsEmpty ? message.Envelope.AcceptedAt : timeline[^1].At,
            message.State == MessageState.Queued ? message.LastFailure : null,
            message.IsOpen,
            message.State == MessageState.Queued ? message.Hold : null)
        : null;
}
