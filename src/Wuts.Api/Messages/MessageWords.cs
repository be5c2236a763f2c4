using System.Collections.Immutable;
using Wuts.Domain.Delivery;

namespace Wuts.Api.Messages;

/// <summary>The contract's words for where a message is.</summary>
internal static class MessageWords
{
    public static string StatusOf(MessageState state) => state switch
    {
        MessageState.Delivered => "delivered",
        MessageState.Read => "read",
        MessageState.Played => "played",
        MessageState.Failed or MessageState.Rejected or MessageState.Canceled or MessageState.Expired => "failed",
        _ => "pending",
    };

    // Read implies delivered, and played implies read: where the weaker receipt never came, it was reached by then at the latest.
    public static DateTimeOffset? DeliveredAt(MessageDelivery delivery) => delivery.DeliveredAt ?? ReadAt(delivery);

    public static DateTimeOffset? ReadAt(MessageDelivery delivery) => delivery.ReadAt ?? delivery.PlayedAt;

    /// <summary>When it was given up on our side, of which the network knows nothing.</summary>
    public static DateTimeOffset? LastFailureIn(ImmutableArray<TimelineEntry> timeline) =>
        timeline.LastOrDefault(entry => entry.Kind is TimelineKind.Failed or TimelineKind.Rejected)?.At;
}
