namespace Wuts.Domain.Quotas;

/// <summary>
/// How many messages of a tenant wait, in all its devices: for each what it told last, and what it was granted since and may not have in
/// its queue yet. It may be more than there are, for as long as a device takes to tell; never fewer.
/// </summary>
/// <remarks>Changed in place, and of one owner.</remarks>
public sealed class QueueDepths
{
    private readonly Dictionary<string, DeviceDepth> _devices = new(StringComparer.Ordinal);

    public long Total { get; private set; }

    public void Tell(DepthReport report, DateTimeOffset now)
    {
        var device = Of(report.DeviceId);
        if ((report.Epoch, report.Number).CompareTo((device.Epoch, device.Number)) < 0)
        {
            return;
        }

        Total -= device.Count;
        if (report.Epoch > device.Epoch)
        {
            device.Granted.Clear(); // what its predecessor was granted is in the queue that it has rebuilt, or nowhere
        }

        device.Granted.RemoveWhere(number => number <= report.Number && report.Open.AsSpan().BinarySearch(number) < 0);
        (device.Epoch, device.Number, device.Waiting, device.ToldAt) = (report.Epoch, report.Number, report.Waiting, now);
        Total += device.Count;
    }

    /// <summary>Grants a question its place.</summary>
    public void Grant(DepthReport question)
    {
        if (Of(question.DeviceId).Granted.Add(question.Number))
        {
            Total++;
        }
    }

    /// <summary>Takes over what is stored, for devices that have told nothing since <paramref name="before"/>: they may be gone.</summary>
    public void Correct(IReadOnlyDictionary<string, int> stored, DateTimeOffset before, DateTimeOffset now)
    {
        foreach (var id in stored.Keys.Union(_devices.Keys).ToArray())
        {
            var device = Of(id);
            if (device.ToldAt < before)
            {
                Total -= device.Count;
                device.Granted.Clear();
                (device.Waiting, device.ToldAt) = (stored.GetValueOrDefault(id), now);
                Total += device.Count;
            }
        }
    }

    private DeviceDepth Of(string deviceId)
    {
        if (!_devices.TryGetValue(deviceId, out var device))
        {
            _devices.Add(deviceId, device = new());
        }

        return device;
    }

    private sealed class DeviceDepth
    {
        public long Epoch { get; set; }

        public long Number { get; set; }

        public int Waiting { get; set; }

        public DateTimeOffset ToldAt { get; set; } = DateTimeOffset.MinValue;

        public SortedSet<long> Granted { get; } = [];

        public int Count => Waiting + Granted.Count;
    }
}
