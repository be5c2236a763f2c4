using Wuts.Domain.Devices;

namespace Wuts.Transports.Simulator.Links;

/// <summary>Which device is paired with which number, now and before.</summary>
internal sealed class LinkTable
{
    private readonly Dictionary<DeviceKey, Link> _links = [];
    private readonly Dictionary<DeviceKey, HashSet<string>> _numbers = [];

    public IEnumerable<Link> All => _links.Values;

    public Link? Find(DeviceKey device) => _links.GetValueOrDefault(device);

    /// <summary>The link of a device, if it is up and belongs to a connection.</summary>
    public Link? FindLive(DeviceKey device, string? connection) =>
        _links.TryGetValue(device, out var link) && link.IsLiveFor(connection) ? link : null;

    /// <summary>Every number this device ever sent from.</summary>
    public IReadOnlyCollection<string> NumbersOf(DeviceKey device) => _numbers.TryGetValue(device, out var numbers) ? numbers : [];

    public void Add(Link link)
    {
        _links[link.Device] = link;
        if (!_numbers.TryGetValue(link.Device, out var numbers))
        {
            _numbers[link.Device] = numbers = [];
        }

        numbers.Add(link.Number);
    }

    public Link? Remove(DeviceKey device)
    {
        if (_links.Remove(device, out var link))
        {
            link.Live = false;
        }

        return link;
    }
}
