using Orleans;
using Orleans.InProcess.Simulation;
using Wuts.Domain.Devices;
using Wuts.Grains.Devices;
using Wuts.Grains.Webhooks;
using Wuts.Simulation.Clients;
using Wuts.Simulation.Internet;
using Wuts.Simulation.Network;
using Wuts.Simulation.Storage;

namespace Wuts.Simulation.World;

/// <summary>What goes wrong from outside: every few seconds each kind of trouble gets its chance.</summary>
internal sealed class Trouble(
    SimulatedNode node, FaultPlan faults, Fleet fleet, SimulatedCluster cluster, Database database, WhatsApp network, Receivers receivers, Tenancy tenancy, Random chance)
{
    public async Task Stir(TimeSpan span)
    {
        var end = node.Clock.GetUtcNow() + span;
        while (node.Clock.GetUtcNow() < end)
        {
            await Task.Delay(TimeSpan.FromSeconds(chance.Next(1, 40)), node.Clock);
            StirOnce();
        }
    }

    /// <summary>Ends all trouble and mends what does not mend by itself.</summary>
    public void Heal()
    {
        faults.IsOver = true;
        database.IsDown = false;
        receivers.HealAll();
        fleet.Shrink();
        foreach (var device in tenancy.Devices)
        {
            node.Start(() => tenancy.BringBack(device));
        }
    }

    private void StirOnce()
    {
        On("silo-crashes", 0.04, fleet.Crash);
        On("silo-stalls", 0.04, fleet.Stall);
        On("silo-restarts", 0.02, fleet.Restart);
        On("gateway-crashes", 0.02, fleet.CrashGateway);
        On("grain-has-two-activations", 0.08, Split);
        On("database-down", 0.02, () =>
        {
            database.IsDown = true;
            _ = node.Clock.CreateTimer(_ => database.IsDown = false, null, Seconds(1, 60), Timeout.InfiniteTimeSpan);
        });
        On("link-drops", 0.06, () => network.DropLink(AnyDevice()));
        On("pairing-removed", 0.01, () => Away(network.RemovePairing));
        On("number-banned", 0.01, () => Away(device => network.Ban(device, Seconds(60, 1800))));
        On("quality-changes", 0.02, () => network.Rate(AnyDevice(), (QualityRating)chance.Next((int)QualityRating.Red + 1)));
        On("number-restricted", 0.01, () => network.Restrict(AnyDevice(), (RestrictionKind)chance.Next(1, 3), Seconds(60, 1800), chance.Next(3)));
        On("owner-disconnects", 0.01, () => node.Start(() => tenancy.Disconnect(AnyDevice())));
        On("device-removed", 0.003, () => node.Start(() => tenancy.Remove(AnyDevice())));
        On("webhook-changed", 0.03, () => node.Start(() => tenancy.ChangeWebhook(AnyDevice())));
        On("receiver-trouble", 0.04, () =>
        {
            var endpoint = Tenancy.EndpointOf(AnyDevice());
            receivers.Set(endpoint, (Health)chance.Next(1, (int)Health.Gone + 1));
            _ = node.Clock.CreateTimer(_ => receivers.Set(endpoint, Health.Well), null, Seconds(10, 7200), Timeout.InfiniteTimeSpan);
        });
        On("somebody-writes", 0.1, () => network.Receive(AnyDevice(), "5511888880001@s.whatsapp.net"));
    }

    private void On(string kind, double probability, Action happen)
    {
        if (faults.Strikes(kind, probability))
        {
            happen();
        }
    }

    private void Away(Action<DeviceKey> trouble)
    {
        var device = AnyDevice();
        trouble(device);
        node.Start(async () =>
        {
            await Task.Delay(Seconds(10, 600), node.Clock);
            await tenancy.BringBack(device);
        });
    }

    private void Split()
    {
        var device = AnyDevice();
        var grains = fleet.AnyGateway().Grains;
        IGrain grain = chance.Next(3) > 0
            ? grains.GetGrain<IDeviceGrain>(device.ToString())
            : grains.GetGrain<IWebhookEndpointGrain>($"{device.TenantId}/{Tenancy.EndpointOf(device)}");
        cluster.Split(grain, Seconds(1, 30));
    }

    private DeviceKey AnyDevice() => tenancy.Devices[chance.Next(tenancy.Devices.Length)];

    private TimeSpan Seconds(double from, double to) => TimeSpan.FromSeconds(from + (chance.NextDouble() * (to - from)));
}
