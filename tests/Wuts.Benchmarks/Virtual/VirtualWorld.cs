using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;
using Orleans.Hosting;
using Orleans.InProcess.Simulation;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Domain.Tenants;
using Wuts.Grains;
using Wuts.Grains.Devices;
using Wuts.Grains.Pacing;
using Wuts.Storage;
using Wuts.Testing.Memory;
using Wuts.Transports;
using Wuts.Webhooks;

namespace Wuts.Benchmarks.Virtual;

/// <summary>
/// One number of one tenant on the product's own grains, with a database in memory, a network that does as a story says, and a clock
/// that jumps: days pass in seconds, and every run is the same.
/// </summary>
internal sealed class VirtualWorld
{
    private const string Tenant = "tenant";
    private const string User = "user";

    private readonly Simulation _simulation = new(1);
    private readonly SimulatedNode _driver;
    private readonly SimulatedCluster _cluster;
    private readonly Action<IServiceCollection> _configure;
    private SimulatedSilo? _silo;
    private int _messages;

    private VirtualWorld(Action<IServiceCollection> configure)
    {
        _configure = configure;
        _driver = _simulation.AddNode("driver");
        Network = new(_simulation.AddNode("network"));
        _cluster = new(_simulation, Configure, _ => TimeSpan.Zero);
        var grains = _cluster.NewClient(_driver, new ServiceCollection().BuildServiceProvider());
        Number = grains.GetGrain<IDeviceGrain>(Key.ToString());
        Network.Sink = (events) => grains.GetGrain<IDeviceGrain>(Key.ToString()).Handle(events);
    }

    public static DeviceKey Key { get; } = new(Tenant, "number");

    public MemoryDatabase Database { get; } = new();

    public VirtualNetwork Network { get; }

    public IDeviceGrain Number { get; }

    public TimeProvider Clock => _driver.Clock;

    /// <summary>Lives through a story, on this thread.</summary>
    public static void Run(Action<IServiceCollection> configure, Func<VirtualWorld, Task> story)
    {
        var world = new VirtualWorld(configure);
        if (!world._simulation.Run(world._driver.Run(() => world.Live(story)), TimeSpan.FromDays(60)))
        {
            throw new InvalidOperationException("The story has not come to its end.");
        }
    }

    /// <summary>Something that goes on besides the story.</summary>
    public void Start(Func<Task> work) => _driver.Start(work);

    public Task Wait(TimeSpan time) => Task.Delay(time, Clock);

    /// <summary>Stops the process in order, and starts another one.</summary>
    public async Task Restart()
    {
        await _cluster.StopSilo(_silo!, TimeSpan.FromSeconds(30));
        _silo = await _cluster.StartSilo("another");
    }

    public Task<SendAnswer> Send(string phone, Category category) => Number.Send(new()
    {
        MessageId = MessageId.FromOperation(Tenant, $"{++_messages}"),
        UserId = User,
        AnyDevice = true,
        ChatJid = Jid.User(phone),
        Content = new TextContent("hello", []),
        Fingerprint = "f",
        Delay = TimeSpan.Zero,
        Typing = TimeSpan.Zero,
        Hold = TimeSpan.Zero,
        Patience = TimeSpan.Zero,
        QueueWhenNotReady = true,
        Category = category,
    });

    private async Task Live(Func<VirtualWorld, Task> story)
    {
        var now = Clock.GetUtcNow();
        await new MemoryTenantStore(Database).RegisterAsync(new(Tenant, Tenant, now, now), new()
        {
            TenantId = Tenant, Id = User, Email = "a@example.com", Role = Role.Admin, Active = true, TokenHash = AccessToken.Hash("token"), CreatedAt = now, UpdatedAt = now,
        });
        await new MemoryDeviceStore(Database, new NoSecrets(), Clock).CreateAsync(new()
        {
            TenantId = Tenant, Id = Key.DeviceId, UserId = User, Name = "number", Transport = Network.Name, Epoch = 0, CreatedAt = now, UpdatedAt = now,
            Session = DeviceSession.New(now).Paired("5511999990001@s.whatsapp.net", "secret", now),
        });
        _silo = await _cluster.StartSilo("first");
        await Number.Connect();
        await story(this);
    }

    private void Configure(SimulatedNode node, ISiloBuilder silo)
    {
        var services = silo.Services;
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddWebhooks();
        services.AddWutsGrains();
        services.Replace(ServiceDescriptor.Singleton<IChance>(new SeededChance(1)));
        services.AddSingleton<ISecretProtector, NoSecrets>();
        services.AddMemoryStores(Database, writes: node.NewQueue());
        services.AddSingleton<IDeviceTransport>(Network);
        _configure(services);
    }

    private sealed class NoSecrets : ISecretProtector
    {
        public string Protect(string secret) => secret;

        public string Unprotect(string protectedSecret) => protectedSecret;
    }
}
