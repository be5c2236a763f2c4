using Wuts.Domain.Devices;

namespace Wuts.Transports.Simulator.Events;

/// <summary>The outboxes of all devices that the network ever heard of.</summary>
internal sealed class OutboxTable
{
    private readonly Dictionary<DeviceKey, Outbox> _outboxes = [];

    public IEnumerable<Outbox> All => _outboxes.Values;

    public Outbox this[DeviceKey device]
    {
        get
        {
            if (!_outboxes.TryGetValue(device, out var outbox))
            {
                _outboxes[device] = outbox = new Outbox(device);
            }

            return outbox;
        }
    }
}
