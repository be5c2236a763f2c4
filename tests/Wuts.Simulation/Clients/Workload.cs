using System.Globalization;
using Wuts.Domain.Devices;

namespace Wuts.Simulation.Clients;

/// <summary>What the tenants of one world are and do, all of it drawn at the beginning.</summary>
internal sealed class Workload
{
    private readonly Random _chance;
    private readonly Dictionary<string, int> _keys = [];
    private int _texts;

    public Workload(Random chance)
    {
        _chance = chance;
        Tenants = [.. new[] { 1, chance.Next(1, 3), chance.Next(2, 6) }.Select((devices, t) =>
            new Tenant($"tenant-{t}", [.. Enumerable.Range(0, devices).Select(d => new DeviceKey($"tenant-{t}", $"device-{d}"))]))];
        Span = TimeSpan.FromMinutes(chance.Next(10, 120));
        Sends = [.. Enumerable.Range(0, chance.Next(8, 30)).SelectMany(_ => Wave()).OrderBy(send => send.At)];
    }

    public sealed record Tenant(string Id, DeviceKey[] Devices);

    /// <param name="At">From the start of the world.</param>
    public sealed record Send(TimeSpan At, SendRequest Request);

    public Tenant[] Tenants { get; }

    /// <summary>How long new requests come.</summary>
    public TimeSpan Span { get; }

    public Send[] Sends { get; }

    // One request, or a burst of a campaign: on one device, to a few chats, at one time.
    private IEnumerable<Send> Wave()
    {
        var devices = Tenants[_chance.Next(10) switch { < 2 => 0, < 4 => 1, _ => 2 }].Devices;
        var device = devices[_chance.Next(devices.Length)];
        var at = Span * _chance.NextDouble();
        var size = _chance.Next(4) == 0 ? _chance.Next(5, 25) : _chance.Next(1, 4);
        var gap = _chance.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(_chance.NextDouble() * 3);
        for (var i = 0; i < size; i++, at += gap)
        {
            var request = Request(device);
            yield return new(at, request);
            switch (_chance.Next(30))
            {
                case 0: // the same request twice at once
                    yield return new(at, request);
                    break;
                case 1 when request.Key is not null: // the key of a request for another
                    yield return new(at + TimeSpan.FromSeconds(_chance.Next(0, 20)), request with { Text = NextText() });
                    break;
                case 2: // the same thing under another key: two messages
                    yield return new(at, request with { Key = NextKey(device.TenantId) });
                    break;
            }
        }
    }

    private SendRequest Request(DeviceKey device)
    {
        var delay = _chance.Next(20) switch
        {
            < 13 => TimeSpan.Zero,
            < 17 => TimeSpan.FromSeconds(_chance.Next(1, 60)),
            < 19 => TimeSpan.FromSeconds(_chance.Next(60, 600)),
            _ => TimeSpan.FromSeconds(_chance.Next(600, 3600)),
        };
        return new(
            device,
            string.Create(CultureInfo.InvariantCulture, $"551188888{_chance.Next(4):0000}"),
            NextText(),
            delay,
            _chance.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(_chance.Next(1, 6)),
            _chance.Next(4) == 0 ? null : NextKey(device.TenantId),
            _chance.Next(5) < 2,
            _chance.Next(10) == 0 ? TimeSpan.FromSeconds(_chance.NextDouble() * 10) : null);
    }

    private string NextText() => string.Create(CultureInfo.InvariantCulture, $"text {++_texts}");

    // Tenants do not know of each other's keys: the same ones come in each.
    private string NextKey(string tenantId)
    {
        _keys[tenantId] = _keys.GetValueOrDefault(tenantId) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"key {_keys[tenantId]}");
    }
}
