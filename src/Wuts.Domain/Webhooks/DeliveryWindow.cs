using System.Collections.Immutable;

namespace Wuts.Domain.Webhooks;

/// <summary>Which of an endpoint's numbered events are dealt with, when they end out of order.</summary>
/// <param name="Watermark">Everything up to this number is dealt with.</param>
public sealed record DeliveryWindow(long Watermark)
{
    private ImmutableSortedSet<long> Above { get; init; } = [];

    /// <summary>Notes that one event is dealt with: delivered, or kept for a retry. Repeating it changes nothing.</summary>
    public DeliveryWindow Finish(long sequence)
    {
        if (sequence <= Watermark)
        {
            return this;
        }

        var above = Above.Add(sequence);
        var watermark = Watermark;
        while (!above.IsEmpty && above.Min == watermark + 1)
        {
            watermark = above.Min;
            above = above.Remove(watermark);
        }

        return new DeliveryWindow(watermark) { Above = above };
    }
}
