using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;
using Orleans.TestingHost;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Domain.Tenants;
using Wuts.Domain.Webhooks;
using Wuts.Grains.Devices;
using Wuts.Grains.Hosting;
using Wuts.Grains.Messages;
using Wuts.Grains.Pacing;
using Wuts.Grains.Quotas;
using Wuts.Grains.Telemetry;
using Wuts.Grains.Tenants;
using Wuts.Grains.Webhooks;
using Wuts.Storage;
using Wuts.Testing;
using Wuts.Testing.Memory;
using Wuts.Transports;
using Wuts.Webhooks;

namespace Wuts.Grains.Tests;

/// <summary>A silo with a clock that the test moves, a database in memory and a network that answers as the test says. One a test.</summary>
public sealed class ClusterFixture : IAsyncDisposable
{
    public const string Tenant = "acme";
    public const string User = "user-1";

    private readonly InProcessTestCluster _cluster;
    private int _ids;

    private ClusterFixture(Action<SendingOptions> sending, ClusterFixture? former, Action<IServiceCollection> configure)
    {
        Clock = former?.Clock ?? new();
        Database = former?.Database ?? new();
        _ids = former?._ids ?? 0;
        Transport = new(Clock);
        Flushes = new(Database);
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            var services = silo.Services;
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
            services.AddWebhooks();
            services.AddSingleton(Options.Create(new WebhookOptions { AllowPrivateTargets = true }));
            services.AddSingleton<ISecretProtector, NoProtection>();
            services.AddWutsGrains();
            services.Configure(sending);
            services.Configure<PaceOptions>(options => options.Enabled = false); // where a test is not about it, the clock need not move
            services.RemoveAll<Microsoft.Extensions.Hosting.IHostedService>(s => s.ImplementationType?.Name == "Sweep"); // the test wakes whom it wants awake
            services.AddMemoryStores(Database, Flushes);
            services.Replace(ServiceDescriptor.Singleton<IOutboxListener>(provider => new OutboxWaker(
                provider.GetRequiredService<IGrainFactory>(), TimeProvider.System, NullLogger<OutboxWaker>.Instance)));
            services.AddSingleton<IDeviceTransport>(Transport);
            services.Replace(ServiceDescriptor.Singleton<IChance>(new SeededChance(1)));
            services.Configure<TierOptions>(options => options.Tiers = options.Tiers.Add("gold", new() { MessagesPerDay = 100, Weight = 5 }));
            services.Configure<MetricOptions>(options => options.Tenants = 1);
            configure(services);
            silo.AddActivityPropagation();
        });
        builder.ConfigureClient(client => client.AddActivityPropagation());
        _cluster = builder.Build();
    }

    public ManualTimeProvider Clock { get; }

    public MemoryDatabase Database { get; }

    /// <summary>What the silo's batch writer writes to: a test may watch the writes, and break them.</summary>
    public ScriptedFlushTarget Flushes { get; }

    public RecordingTransport Transport { get; }

    public IMessageStore Messages => new MemoryMessageStore(Database);

    public IHealthStore Health => new MemoryHealthStore(Database, Clock);

    public IDeviceStore Devices => new MemoryDeviceStore(Database, new NoProtection(), Clock);

    public IConsentStore Consents => new MemoryConsentStore(Database);

    public DeviceDrain Drain => _cluster.GetSiloServiceProvider().GetRequiredService<DeviceDrain>();

    /// <param name="former">Another silo, of which this one has the database and the clock.</param>
    public static async Task<ClusterFixture> StartAsync(
        Action<SendingOptions>? sending = null, ClusterFixture? former = null, Action<IServiceCollection>? configure = null)
    {
        var fixture = new ClusterFixture(sending ?? (_ => { }), former, configure ?? (_ => { }));
        await fixture.AddTenant(Tenant, "token");
        await fixture._cluster.DeployAsync();
        return fixture;
    }

    /// <summary>Registers a customer.</summary>
    public async Task AddTenant(string id, string token) => await new MemoryTenantStore(Database).RegisterAsync(
        new(id, id, Clock.GetUtcNow(), Clock.GetUtcNow()),
        new()
        {
            TenantId = id, Id = UserOf(id), Email = $"{id}@example.com", Role = Role.Admin, Active = true, TokenHash = AccessToken.Hash(token),
            CreatedAt = Clock.GetUtcNow(), UpdatedAt = Clock.GetUtcNow(),
        });

    /// <summary>A device that is paired, linked, and subscribed to every event, at an endpoint that nobody serves unless configured.</summary>
    /// <param name="active">Whether it is linked at once; else nobody has called it yet.</param>
    public async Task<(DeviceKey Key, IDeviceGrain Grain)> NewDevice(
        bool connected = true, Func<WebhookEndpoint, WebhookEndpoint>? configure = null, bool active = true, string tenant = Tenant)
    {
        var key = new DeviceKey(tenant, $"device-{Interlocked.Increment(ref _ids)}");
        var session = DeviceSession.New(Clock.GetUtcNow());
        await Devices.CreateAsync(new()
        {
            TenantId = tenant, Id = key.DeviceId, UserId = UserOf(tenant), Name = key.DeviceId, Transport = Transport.Name, Epoch = 0,
            Session = connected ? session.Paired("5511999990001@s.whatsapp.net", "secret", Clock.GetUtcNow()) : session,
            CreatedAt = Clock.GetUtcNow(), UpdatedAt = Clock.GetUtcNow(),
        });
        var endpoint = new WebhookEndpoint
        {
            Id = EndpointOf(key), TenantId = tenant, DeviceId = key.DeviceId, UserId = UserOf(tenant), Url = new("https://example.com"), Events = WebhookEvents.All,
            Enabled = true, Timeout = TimeSpan.FromSeconds(5), Headers = ImmutableDictionary<string, string>.Empty,
            CreatedAt = Clock.GetUtcNow(), UpdatedAt = Clock.GetUtcNow(),
        };
        await new MemoryWebhookStore(Database).PutAsync(configure?.Invoke(endpoint) ?? endpoint);
        var grain = Device(key);
        if (connected && active)
        {
            await grain.Connect();
        }

        return (key, grain);
    }

    /// <summary>Moves the clock a step, and stands still for a moment of real time.</summary>
    /// <remarks>
    /// What is on its way to the database or back needs that: a clock that ran on meanwhile would have permits end before they can be spent.
    /// </remarks>
    public async Task Tick(TimeSpan step)
    {
        Clock.Advance(step);
        await Task.Delay(1);
    }

    /// <summary>Moves the clock step by step until something has happened. Fails after a minute.</summary>
    public async Task TickUntil(TimeSpan step, Func<Task<bool>> happened)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await happened())
        {
            Assert.False(patience.IsCancellationRequested, $"It had not happened by {Clock.GetUtcNow()}.");
            await Tick(step);
        }
    }

    private static string UserOf(string tenant) => tenant == Tenant ? User : $"user-of-{tenant}";

    public static string EndpointOf(DeviceKey key) => $"wh_{key.DeviceId}";

    public IDeviceGrain Device(DeviceKey key) => _cluster.Client.GetGrain<IDeviceGrain>(key.ToString());

    public IWebhookEndpointGrain Endpoint(string id) => _cluster.Client.GetGrain<IWebhookEndpointGrain>($"{Tenant}/{id}");

    public ITenantGrain TenantGrain => _cluster.Client.GetGrain<ITenantGrain>(Tenant);

    public IMessageGrain Message(string id) => _cluster.Client.GetGrain<IMessageGrain>(MessageKey.Of(Tenant, id));

    public ICapacityPoolGrain Pool(string name) => _cluster.Client.GetGrain<ICapacityPoolGrain>(name);

    public SendCommand Command(string text, string chat = "5511988880001", int delay = 0, int typing = 0, TimeSpan hold = default, string? id = null) => new()
    {
        MessageId = id ?? MessageId.FromOperation(Tenant, $"{text}-{Interlocked.Increment(ref _ids)}"),
        UserId = User,
        AnyDevice = true,
        ChatJid = Jid.User(chat),
        Content = new TextContent(text, []),
        Fingerprint = text,
        Delay = TimeSpan.FromSeconds(delay),
        Typing = TimeSpan.FromSeconds(typing),
        Hold = hold,
        Patience = TimeSpan.FromMinutes(2),
        QueueWhenNotReady = false,
    };

    /// <summary>Takes a device out of memory, as its silo may at any time. Ends when it is out.</summary>
    public Task Deactivate(IDeviceGrain device) => _cluster.DeactivateAsync(device);

    /// <summary>Something of the silo's own.</summary>
    public T Service<T>()
        where T : notnull => _cluster.GetSiloServiceProvider().GetRequiredService<T>();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}

internal sealed class NoProtection : ISecretProtector
{
    public string Protect(string secret) => secret;

    public string Unprotect(string protectedSecret) => protectedSecret;
}

internal static class ServiceRemoval
{
    public static void RemoveAll<TService>(this IServiceCollection services, Func<ServiceDescriptor, bool> match)
    {
        foreach (var descriptor in services.Where(s => s.ServiceType == typeof(TService) && match(s)).ToArray())
        {
            services.Remove(descriptor);
        }
    }
}
