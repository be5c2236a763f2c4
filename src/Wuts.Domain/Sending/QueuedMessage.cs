using Wuts.Domain.Delivery;

namespace Wuts.Domain.Sending;

/// <summary>A message in its device's queue.</summary>
/// <param name="ReadyAt">It does not leave before this: its due time, or the time of its retry.</param>
/// <param name="Attempts">Dispatch attempts it had so far.</param>
/// <param name="TraceParent">As in its envelope.</param>
/// <param name="AcceptedAt">As in its envelope.</param>
/// <param name="Hold">Why it waits until <paramref name="ReadyAt"/>, where that is not its due time.</param>
public sealed record QueuedMessage(
    string Id, string ChatJid, long Position, DateTimeOffset ReadyAt, TimeSpan Typing, int Attempts = 0, string? TraceParent = null,
    Category Category = Category.Utility, DateTimeOffset AcceptedAt = default, HoldReason? Hold = null);

/// <summary>What a device should do next.</summary>
public abstract record NextDispatch
{
    private NextDispatch()
    {
    }

    public sealed record Now(QueuedMessage Message) : NextDispatch;

    /// <summary>Nothing is due before <paramref name="Time"/>.</summary>
    public sealed record At(DateTimeOffset Time) : NextDispatch;

    /// <summary>Nothing waits, or one message is in flight, or all that waits is not durable yet.</summary>
    public sealed record Idle : NextDispatch;
}
