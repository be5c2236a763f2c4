using System.Globalization;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Simulation.World;

namespace Wuts.Simulation.Clients;

/// <summary>
/// What makes the limits of a world felt: more strangers than a new number may write to, tenants that all want more of what they share, and
/// devices with minutes' worth of messages.
/// </summary>
internal sealed class Crowds(Random chance, Limits limits, Workload.Tenant[] tenants, TimeSpan span)
{
    private const int OfATenant = 40;

    public IEnumerable<Workload.Send> Sends() => Strangers().Concat(Contest()).Concat(Campaigns());

    private IEnumerable<Workload.Send> Strangers()
    {
        if (limits.WarmUp.IsEmpty)
        {
            yield break;
        }

        var devices = tenants[chance.Next(tenants.Length)].Devices;
        var device = devices[chance.Next(devices.Length)];
        var many = limits.WarmUp.Sum() * chance.Next(2, 4) / 2;
        for (var i = 0; i < many; i++)
        {
            var category = chance.Next(6) == 0 ? Category.Authentication : Category.Marketing;
            yield return new(span * chance.NextDouble(), Request(device, "6666", i) with { Category = category });
            if (chance.Next(4) == 0)
            {
                yield return new(span * chance.NextDouble(), Request(device, "6666", i));
            }
        }
    }

    private IEnumerable<Workload.Send> Contest()
    {
        if (limits.Rate is null)
        {
            yield break;
        }

        var at = span * chance.NextDouble();
        foreach (var tenant in tenants)
        {
            for (var i = 0; i < OfATenant; i++)
            {
                yield return new(at, Request(tenant.Devices[i % tenant.Devices.Length], "5555", i));
            }
        }
    }

    private IEnumerable<Workload.Send> Campaigns()
    {
        if (limits.Ceiling is null)
        {
            yield break;
        }

        foreach (var tenant in tenants)
        {
            var at = span * chance.NextDouble();
            for (var i = 0; i < OfATenant; i++)
            {
                yield return new(at, Request(tenant.Devices[0], "4444", i));
            }
        }
    }

    private SendRequest Request(DeviceKey device, string prefix, int number) => new(
        device, string.Create(CultureInfo.InvariantCulture, $"55117{prefix}{number:0000}"), string.Create(CultureInfo.InvariantCulture, $"crowd {chance.Next()}"),
        TimeSpan.Zero, TimeSpan.Zero, string.Create(CultureInfo.InvariantCulture, $"crowd {prefix} {number} {chance.Next()}"), RespondAsync: true, HangsUpAfter: null);
}
