using Wuts.Domain.Devices;

namespace Wuts.Transports.Simulator.Events;

/// <summary>An event on its way to a device's gateway.</summary>
/// <param name="seq">The line of the log that caused it.</param>
/// <param name="needsLink">Whether it waits for a live link, as receipts and messages do; news of the link itself does not.</param>
internal sealed class OutboxEvent(long seq, DeviceEvent @event, bool needsLink)
{
    public long Seq { get; } = seq;

    public DeviceEvent Event { get; } = @event;

    public bool NeedsLink { get; } = needsLink;

    public bool Handled { get; set; }
}

/// <summary>What a device has not acknowledged yet. Guarded by the network's gate.</summary>
internal sealed class Outbox(DeviceKey device)
{
    // In the order of the log, so that "everything up to this line is handled" is one number, whatever the order of delivery.
    private readonly Queue<OutboxEvent> _unacknowledged = [];
    private readonly List<OutboxEvent> _ready = [];
    private readonly List<OutboxEvent> _readyWithoutLink = [];

    public DeviceKey Device { get; } = device;

    public string DeviceName { get; } = device.ToString();

    /// <summary>Whether the device's link is live.</summary>
    public bool Live { get; set; }

    /// <summary>Whether a delivery is under way. There is one at a time.</summary>
    public bool Delivering { get; set; }

    public bool HasDeliverable => _readyWithoutLink.Count > 0 || (Live && _ready.Count > 0);

    public void Add(OutboxEvent @event) => _unacknowledged.Enqueue(@event);

    public void MakeReady(OutboxEvent @event) => (@event.NeedsLink ? _ready : _readyWithoutLink).Add(@event);

    public void MakeAllReady()
    {
        foreach (var @event in _unacknowledged)
        {
            MakeReady(@event);
        }
    }

    /// <summary>Takes what may be delivered now, news of the link first.</summary>
    public OutboxEvent[] Take(int most)
    {
        if (!HasDeliverable)
        {
            return [];
        }

        var from = _readyWithoutLink.Count > 0 ? _readyWithoutLink : _ready;
        var batch = from.GetRange(0, Math.Min(most, from.Count)).ToArray();
        from.RemoveRange(0, batch.Length);
        return batch;
    }

    /// <summary>Puts back what was taken together and could not be delivered.</summary>
    public void Return(OutboxEvent[] batch) => (batch[0].NeedsLink ? _ready : _readyWithoutLink).InsertRange(0, batch);

    /// <summary>Notes that events were handled.</summary>
    /// <returns>The line up to which nothing waits any more; <c>null</c> when that did not move.</returns>
    public long? Handle(OutboxEvent[] batch)
    {
        foreach (var @event in batch)
        {
            @event.Handled = true;
        }

        long? through = null;
        foreach (var @event in _unacknowledged)
        {
            if (!@event.Handled)
            {
                break;
            }

            through = @event.Seq;
        }

        return through;
    }

    public void Acknowledge(long through)
    {
        while (_unacknowledged.TryPeek(out var first) && first.Seq <= through)
        {
            _unacknowledged.Dequeue();
        }
    }
}
