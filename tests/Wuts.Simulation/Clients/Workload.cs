using System.Globalization;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Simulation.World;

namespace Wuts.Simulation.Clients;

/// <summary>What the tenants of one world are and do, all of it drawn at the beginning.</summary>
internal sealed class Workload
{
    private readonly Random _chance;
    private readonly Random _taste;
    private readonly Dictionary<string, int> _keys = [];
    private int _texts;

    /// <param name="crowds">Chooses what comes where the world has limits.</param>
    /// <param name="taste">Chooses the kinds of traffic, which change nothing else about what is asked for, and when.</param>
    public Workload(Random chance, Random taste, Limits limits, Random crowds)
    {
        (_chance, _taste) = (chance, taste);
        Tenants = [.. new[] { 1, chance.Next(1, 3), chance.Next(2, 6) }.Select((devices, t) =>
            new Tenant($"tenant-{t}", [.. Enumerable.Range(0, devices).Select(d => new DeviceKey($"tenant-{t}", $"device-{d}"))]))];
        Span = TimeSpan.FromMinutes(chance.Next(10, 120));
        Sends = [.. Enumerable.Range(0, chance.Next(8, 30)).SelectMany(_ => Wave()).ToArray().Concat(Rush()).Concat(new Crowds(crowds, limits, Tenants, Span).Sends()).OrderBy(send => send.At)];
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
        var isCampaign = size > 4 && _taste.Next(3) > 0;
        for (var i = 0; i < size; i++, at += gap)
        {
            var request = Request(device) with { Category = NextCategory(isCampaign) };
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

    // In some worlds a device gets more at once than it can send in a minute, each to somebody else: a few of a campaign, and then what
    // is more urgent.
    private IEnumerable<Send> Rush()
    {
        if (_taste.Next(6) > 0)
        {
            yield break;
        }

        var tenant = Tenants[_taste.Next(Tenants.Length)];
        var device = tenant.Devices[_taste.Next(tenant.Devices.Length)];
        var at = Span * _taste.NextDouble();
        for (var i = 0; i < 90; i++)
        {
            var category = i < 5 ? Category.Marketing : _taste.Next(4) == 0 ? Category.Authentication : Category.Utility;
            yield return new(at, new(
                device, string.Create(CultureInfo.InvariantCulture, $"551177777{i:0000}"), NextText(), TimeSpan.Zero, TimeSpan.Zero,
                string.Create(CultureInfo.InvariantCulture, $"rush {i}"), RespondAsync: true, HangsUpAfter: null) { Category = category });
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

    // A campaign is marketing, with a one-time password in the middle of it now and then.
    private Category NextCategory(bool isCampaign) => _taste.Next(20) switch
    {
        < 3 => Category.Authentication,
        < 18 when isCampaign => Category.Marketing,
        < 12 => Category.Utility,
        < 16 => Category.Service,
        _ => Category.Marketing,
    };

    private string NextText() => string.Create(CultureInfo.InvariantCulture, $"text {++_texts}");

    // Tenants do not know of each other's keys: the same ones come in each.
    private string NextKey(string tenantId)
    {
        _keys[tenantId] = _keys.GetValueOrDefault(tenantId) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"key {_keys[tenantId]}");
    }
}
