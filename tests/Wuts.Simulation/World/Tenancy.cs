using System.Collections.Immutable;
using Orleans;
using Orleans.InProcess.Simulation;
using Orleans.Runtime;
using Wuts.Domain.Devices;
using Wuts.Domain.Quotas;
using Wuts.Domain.Tenants;
using Wuts.Domain.Webhooks;
using Wuts.Grains.Devices;
using Wuts.Grains.Webhooks;
using Wuts.Simulation.Clients;
using Wuts.Simulation.Internet;
using Wuts.Simulation.Network;
using Wuts.Simulation.Storage;
using Wuts.Storage;
using Wuts.Testing.Memory;

namespace Wuts.Simulation.World;

/// <summary>The tenants with their devices and endpoints, and what their owners do about them.</summary>
internal sealed class Tenancy(SimulatedNode node, Workload workload, Limits limits, Database database, WhatsApp network, IGrainFactory grains, Random chance)
{
    private static readonly ImmutableArray<string> SomeEvents = [WebhookEvents.MessageSent, WebhookEvents.MessageFailed, WebhookEvents.MessageUncertain];

    private readonly HashSet<string> _changed = [];

    public ImmutableArray<DeviceKey> Devices { get; } = [.. workload.Tenants.SelectMany(tenant => tenant.Devices)];

    public static string EndpointOf(DeviceKey device) => $"wh_{device.TenantId}_{device.DeviceId}";

    /// <summary>Whether an endpoint was subscribed to everything all the time.</summary>
    public bool WasNeverChanged(string endpointId) => !_changed.Contains(endpointId);

    /// <summary>Writes everybody into the tables, before the first silo starts.</summary>
    public async Task Settle()
    {
        var now = node.Clock.GetUtcNow();
        foreach (var tenant in workload.Tenants)
        {
            await new MemoryTenantStore(database.Tables).RegisterAsync(new(tenant.Id, tenant.Id, now, now), new()
            {
                TenantId = tenant.Id, Id = Client.UserOf(tenant.Id), Email = $"{tenant.Id}@example.com", Role = Role.Admin, Active = true,
                TokenHash = AccessToken.Hash(tenant.Id), CreatedAt = now, UpdatedAt = now,
            });
            await new MemoryTenantLimitStore(database.Tables).PutAsync(tenant.Id, new(null, limits.OfTenants.GetValueOrDefault(tenant.Id, TenantLimits.None)), now);
            foreach (var device in tenant.Devices)
            {
                await new MemoryDeviceStore(database.Tables, new PlainSecrets(), node.Clock).CreateAsync(new()
                {
                    TenantId = device.TenantId, Id = device.DeviceId, UserId = Client.UserOf(device.TenantId), Name = device.DeviceId,
                    Transport = SimulatedTransport.TransportName, Epoch = 0, CreatedAt = now, UpdatedAt = now,
                    Session = DeviceSession.New(now).Paired(network.JidOf(device), network.Pair(device), now),
                });
                await new MemoryWebhookStore(database.Tables).PutAsync(Endpoint(device, WebhookEvents.All));
            }
        }
    }

    /// <summary>Devices whose owners are at it.</summary>
    public int Away { get; private set; }

    /// <summary>The owner makes a device work again, whatever is the matter with it, and its webhook too. Does not give up.</summary>
    public async Task BringBack(DeviceKey device)
    {
        Away++;
        while (true)
        {
            try
            {
                var grain = grains.GetGrain<IDeviceGrain>(device.ToString());
                var snapshot = await grain.GetSnapshot();
                if (snapshot is { Device.Session: { State: DeviceState.Banned, BannedUntil: var until } } && until > node.Clock.GetUtcNow())
                {
                    await Pause(); // it is over when it is over
                }
                else if (snapshot is null)
                {
                    Away--;
                    return; // it was removed
                }
                else if ((await grain.Connect()).Result == LinkResult.NeedsPairing)
                {
                    await grain.RequestQr(refresh: true);
                    network.Scan(device);
                }
                else if (network.IsPaired(device) && await grain.GetSnapshot() is { Device.Session.IsConnected: true })
                {
                    await PutEndpoint(device, WebhookEvents.All);
                    Away--;
                    return;
                }
            }
            catch (Exception e) when (e is StorageUnavailableException or TimeoutException or OrleansException or Orleans.Storage.InconsistentStateException)
            {
                // Try again.
            }

            await Pause();
        }
    }

    /// <summary>The owner disconnects a device, and wants it back later, whether or not they were told that it was done.</summary>
    public async Task Disconnect(DeviceKey device)
    {
        await Once(() => grains.GetGrain<IDeviceGrain>(device.ToString()).Disconnect());
        node.Start(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(chance.Next(10, 600)), node.Clock);
            await BringBack(device);
        });
    }

    /// <summary>The owner removes a device with its webhook for good. Does not give up.</summary>
    public async Task Remove(DeviceKey device)
    {
        Away++;
        var removed = false;
        while (!removed)
        {
            await Once(async () => removed = (await grains.GetGrain<IDeviceGrain>(device.ToString()).Purge()).Result is LinkResult.Done or LinkResult.NoSuchDevice);
            await Pause();
        }

        Away--;
    }

    /// <summary>The tenant subscribes to less, or switches its webhook off.</summary>
    public Task ChangeWebhook(DeviceKey device)
    {
        _changed.Add(EndpointOf(device));
        return Once(() => PutEndpoint(device, chance.Next(2) == 0 ? SomeEvents : WebhookEvents.All, enabled: chance.Next(3) > 0));
    }

    private async Task PutEndpoint(DeviceKey device, ImmutableArray<string> events, bool enabled = true)
    {
        await database.Ask(() => database.Tables.Read(tables => tables.Devices.ContainsKey(device))
            ? new MemoryWebhookStore(database.Tables).PutAsync(Endpoint(device, events) with { Enabled = enabled })
            : Task.CompletedTask); // a removed device has no webhook to change
        await grains.GetGrain<IWebhookEndpointGrain>($"{device.TenantId}/{EndpointOf(device)}").Reload();
    }

    private static async Task Once(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is StorageUnavailableException or TimeoutException or OrleansException or Orleans.Storage.InconsistentStateException)
        {
            // The owner shrugs.
        }
    }

    private Task Pause() => Task.Delay(TimeSpan.FromSeconds(chance.Next(5, 40)), node.Clock);

    private WebhookEndpoint Endpoint(DeviceKey device, ImmutableArray<string> events) => new()
    {
        Id = EndpointOf(device), TenantId = device.TenantId, DeviceId = device.DeviceId, UserId = Client.UserOf(device.TenantId), Url = Receivers.UrlOf(EndpointOf(device)),
        Events = events, Enabled = true, Timeout = TimeSpan.FromSeconds(10), Headers = ImmutableDictionary<string, string>.Empty,
        CreatedAt = node.Clock.GetUtcNow(), UpdatedAt = node.Clock.GetUtcNow(),
    };
}
