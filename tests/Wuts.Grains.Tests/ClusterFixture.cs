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
using Wuts.Grains.Telemetry;
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

    private ClusterFixture(Action<SendingOptions> sending)
    {
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
            services.RemoveAll<Microsoft.Extensions.Hosting.IHostedService>(s => s.ImplementationType?.Name == "Sweep"); // the test wakes whom it wants awake
            services.AddMemoryStores(Database, Flushes);
            services.Replace(ServiceDescriptor.Singleton<IOutboxListener>(provider => new OutboxWaker(
                provider.GetRequiredService<IGrainFactory>(), TimeProvider.System, NullLogger<OutboxWaker>.Instance)));
            services.AddSingleton<IDeviceTransport>(Transport);
            services.Replace(ServiceDescriptor.Singleton<IChance>(new SeededChance(1)));
            services.Configure<MetricOptions>(options => options.Tenants = 1);
            silo.AddActivityPropagation();
        });
        builder.ConfigureClient(client => client.AddActivityPropagation());
        _cluster = builder.Build();
    }

    public ManualTimeProvider Clock { get; } = new();

    public MemoryDatabase Database { get; } = new();

    /// <summary>What the silo's batch writer writes to: a test may watch the writes, and break them.</summary>
    public ScriptedFlushTarget Flushes { get; }

    public RecordingTransport Transport { get; }

    public IMessageStore Messages => new MemoryMessageStore(Database);

    public IDeviceStore Devices => new MemoryDeviceStore(Database, new NoProtection(), Clock);

    public DeviceDrain Drain => _cluster.GetSiloServiceProvider().GetRequiredService<DeviceDrain>();

    public static async Task<ClusterFixture> StartAsync(Action<SendingOptions>? sending = null)
    {
        var fixture = new ClusterFixture(sending ?? (_ => { }));
        await new MemoryTenantStore(fixture.Database).RegisterAsync(
            new(Tenant, "Acme", fixture.Clock.GetUtcNow(), fixture.Clock.GetUtcNow()),
            new()
            {
                TenantId = Tenant, Id = User, Email = "a@example.com", Role = Role.Admin, Active = true, TokenHash = AccessToken.Hash("token"),
                CreatedAt = fixture.Clock.GetUtcNow(), UpdatedAt = fixture.Clock.GetUtcNow(),
            });
        await fixture._cluster.DeployAsync();
        return fixture;
    }

    /// <summary>A device that is paired, linked, and subscribed to every event, at an endpoint that nobody serves unless configured.</summary>
    /// <param name="active">Whether it is linked at once; else nobody has called it yet.</param>
    public async Task<(DeviceKey Key, IDeviceGrain Grain)> NewDevice(
        bool connected = true, Func<WebhookEndpoint, WebhookEndpoint>? configure = null, bool active = true)
    {
        var key = new DeviceKey(Tenant, $"device-{Interlocked.Increment(ref _ids)}");
        var session = DeviceSession.New(Clock.GetUtcNow());
        await Devices.CreateAsync(new()
        {
            TenantId = Tenant, Id = key.DeviceId, UserId = User, Name = key.DeviceId, Transport = Transport.Name, Epoch = 0,
            Session = connected ? session.Paired("5511999990001@s.whatsapp.net", "secret", Clock.GetUtcNow()) : session,
            CreatedAt = Clock.GetUtcNow(), UpdatedAt = Clock.GetUtcNow(),
        });
        var endpoint = new WebhookEndpoint
        {
            Id = EndpointOf(key), TenantId = Tenant, DeviceId = key.DeviceId, UserId = User, Url = new("https://example.com"), Events = WebhookEvents.All,
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

    public static string EndpointOf(DeviceKey key) => $"wh_{key.DeviceId}";

    public IDeviceGrain Device(DeviceKey key) => _cluster.Client.GetGrain<IDeviceGrain>(key.ToString());

    public IWebhookEndpointGrain Endpoint(string id) => _cluster.Client.GetGrain<IWebhookEndpointGrain>($"{Tenant}/{id}");

    public IMessageGrain Message(string id) => _cluster.Client.GetGrain<IMessageGrain>(MessageKey.Of(Tenant, id));

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
