using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.InProcess.Simulation;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Domain.Tenants;
using Wuts.Grains.Devices;
using Wuts.Simulation.Internet;
using Wuts.Simulation.Network;
using Wuts.Simulation.Storage;
using Wuts.Simulation.Variants;
using Wuts.Simulation.World;
using Wuts.Testing.Memory;

namespace Wuts.Simulation.Tests.FairShare;

/// <summary>Tenants that share the rate of a cluster in which nothing fails but what a test makes fail. A run is a function of its seed.</summary>
internal sealed class FairWorld
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private readonly Orleans.InProcess.Simulation.Simulation _simulation;
    private readonly SimulatedNode _driver;
    private readonly Database _database;
    private readonly WhatsApp _network;
    private readonly IGrainFactory _grains;
    private readonly SimulatedCluster _cluster;
    private readonly Dictionary<string, ImmutableArray<DeviceKey>> _devices = [];
    private readonly Dictionary<string, List<TimeSpan>> _queued = [];
    private int _ids;
#pragma warning disable CA2213 // the receivers are a message handler, with nothing in it to dispose of
#pragma warning disable CA2000

    public FairWorld(int seed, double? rate)
    {
        _simulation = new(seed);
        var (faults, journal) = (new FaultPlan(seed, ImmutableHashSet<Fault>.Empty), new Journal(_simulation));
        _driver = _simulation.AddNode("driver");
        _database = new(_simulation.AddNode("database"), faults, _simulation.Chance("database"));
        _network = new(_simulation.AddNode("network"), faults, _simulation.Chance("network"), journal) { ChooseSink = () => null };
        var receivers = new Receivers(_simulation.AddNode("receivers"), faults, _simulation.Chance("receivers"), journal);
        var setup = new SiloSetup(
            _database, _network, receivers, faults, new(_database, journal), Limits.None with { Rate = rate }, new(Limits.None),
            _simulation.Chance("silos"), journal, new Variant());
        _cluster = setup.Cluster = new SimulatedCluster(_simulation, setup.Configure, new CallTimes(faults, _simulation.Chance("calls")).Of);
        _grains = _cluster.NewClient(_driver, new ServiceCollection().BuildServiceProvider());
    }
#pragma warning restore CA2000, CA2213

    public TimeSpan Now => _simulation.Elapsed;

    public IReadOnlyList<SimulatedSilo> Silos => _cluster.Silos;

    /// <summary>When each message began to be handed over, and whose it was.</summary>
    public List<(TimeSpan At, string Tenant)> HandedOver => [.. _network.Log.Select(t => (t.From - _simulation.Now + Now, t.Device.TenantId)).OrderBy(t => t.Item1)];

    public void Run(Func<Task> story) => Assert.True(_simulation.Run(_driver.Run(story), Patience), "The story did not end.");

    public async Task Start(int silos)
    {
        for (var i = 0; i < silos; i++)
        {
            await _cluster.StartSilo(string.Create(CultureInfo.InvariantCulture, $"silo-{i}"));
        }
    }

    public Task Wait(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), _driver.Clock);

    /// <summary>The power of a silo fails. The others know after as long as it takes them.</summary>
    public async Task Kill(SimulatedSilo silo, double seconds)
    {
        silo.Node.Crash();
        await Wait(seconds);
        _cluster.Declare(silo);
    }

    public async Task Add(string tenant, int devices)
    {
        var now = _driver.Clock.GetUtcNow();
        var user = $"user of {tenant}";
        await new MemoryTenantStore(_database.Tables).RegisterAsync(new(tenant, tenant, now, now), new()
        {
            TenantId = tenant, Id = user, Email = $"{tenant}@example.com", Role = Role.Admin, Active = true,
            TokenHash = AccessToken.Hash(tenant), CreatedAt = now, UpdatedAt = now,
        });
        _queued[tenant] = [];
        _devices[tenant] = [.. Enumerable.Range(0, devices).Select(i => new DeviceKey(tenant, string.Create(CultureInfo.InvariantCulture, $"{tenant}-{i}")))];
        foreach (var key in _devices[tenant])
        {
            await new MemoryDeviceStore(_database.Tables, new PlainSecrets(), _driver.Clock).CreateAsync(new()
            {
                TenantId = tenant, Id = key.DeviceId, UserId = user, Name = key.DeviceId, Transport = SimulatedTransport.TransportName, Epoch = 0,
                Session = DeviceSession.New(now).Paired(_network.JidOf(key), _network.Pair(key), now), CreatedAt = now, UpdatedAt = now,
            });
            await _grains.GetGrain<IDeviceGrain>(key.ToString()).Connect();
        }
    }

    /// <summary>Queues so many messages at each of the tenant's devices.</summary>
    public async Task Queue(string tenant, int messagesOfDevice)
    {
        foreach (var key in _devices[tenant])
        {
            for (var i = 0; i < messagesOfDevice; i++)
            {
                await Send(key);
            }
        }
    }

    private async Task Send(DeviceKey key)
    {
        var command = Command(key);
        _queued[key.TenantId].Add(Now);
        while (true)
        {
            try
            {
                await _grains.GetGrain<IDeviceGrain>(key.ToString()).Send(command);
                return;
            }
            catch (Orleans.Runtime.OrleansException)
            {
                await Wait(0.1); // as a front end does
            }
        }
    }

    /// <summary>How many of the tenant's messages have not been handed over.</summary>
    public int Left(string tenant) => _queued[tenant].Count - _network.Log.Count(t => t.Device.TenantId == tenant);

    /// <summary>How long each of a tenant's messages waited, in the order in which they left.</summary>
    public double[] Waits(string tenant) =>
        [.. HandedOver.Where(h => h.Tenant == tenant).Zip(_queued[tenant], (handed, queued) => (handed.At - queued).TotalSeconds)];

    /// <summary>The most that one tenant got ahead of another, in messages, in any part of a time in which all had more to send.</summary>
    public double LargestLag(TimeSpan from, TimeSpan until)
    {
        var log = HandedOver.Where(h => h.At >= from && h.At < until).ToArray();
        var worst = 0.0;
        foreach (var (a, b) in from a in _devices.Keys from b in _devices.Keys where string.CompareOrdinal(a, b) < 0 select (a, b))
        {
            var (ahead, low, high) = (0, 0, 0);
            foreach (var (_, tenant) in log)
            {
                ahead += tenant == a ? 1 : tenant == b ? -1 : 0;
                (low, high) = (Math.Min(low, ahead), Math.Max(high, ahead));
            }

            worst = Math.Max(worst, high - low);
        }

        return worst;
    }

    private SendCommand Command(DeviceKey device) => new()
    {
        MessageId = MessageId.FromOperation(device.TenantId, string.Create(CultureInfo.InvariantCulture, $"operation {++_ids}")),
        UserId = $"user of {device.TenantId}",
        AnyDevice = true,
        ChatJid = Jid.User(string.Create(CultureInfo.InvariantCulture, $"55119888{_ids % 1000:00000}")),
        Content = new TextContent("hello", []),
        Fingerprint = "hello",
        Delay = TimeSpan.Zero,
        Typing = TimeSpan.Zero,
        Hold = TimeSpan.Zero,
        Patience = TimeSpan.Zero,
        QueueWhenNotReady = true,
    };
}
