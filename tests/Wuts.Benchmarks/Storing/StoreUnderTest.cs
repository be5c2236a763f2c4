using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Wuts.Benchmarks.Databases;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Webhooks;
using Wuts.Storage;

namespace Wuts.Benchmarks.Storing;

/// <summary>The product's storage on a new database with devices and their endpoints, and nothing above it.</summary>
internal sealed class StoreUnderTest : IAsyncDisposable
{
    private const int DevicesOfTenant = 5;
    private static readonly ImmutableArray<string> Events = [.. Enum.GetValues<DeliveryStage>().Select(WebhookEvents.Of)];

    private readonly ServiceProvider _services;
    private readonly IMessageStore _messages;
    private readonly List<Device> _devices = [];
    private long _next;

    private StoreUnderTest(ServiceProvider services)
    {
        _services = services;
        _messages = services.GetRequiredService<IMessageStore>();
    }

    public static async Task<StoreUnderTest> StartAsync(BenchmarkDatabase database, int devices)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<ISecretProtector, PlainSecrets>();
        database.AddStorage(services, await database.CreateAsync());
        var store = new StoreUnderTest(services.BuildServiceProvider());
        await store._services.GetRequiredService<IStorageInitializer>().InitializeAsync();
        foreach (var service in store._services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None); // what the storage does in the background is part of it
        }

        for (var i = 0; i < devices; i++)
        {
            await store.AddDeviceAsync(Name("tenant", i / DevicesOfTenant), Name("device", i));
        }

        return store;
    }

    /// <summary>Has many callers store lifecycles at once, each one write at a time, as grains do.</summary>
    public Task WriteAsync(int lifecycles, int callers)
    {
        var end = _next + lifecycles;
        return Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(CallAsync)));

        async Task CallAsync()
        {
            while (Interlocked.Increment(ref _next) is var number && number <= end)
            {
                await StoreAsync(number);
            }

            Interlocked.Decrement(ref _next);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
    }

    private async Task StoreAsync(long number)
    {
        var device = _devices[(int)(number % _devices.Count)];
        var writes = 0;
        foreach (var transition in Lifecycle.Of(device.Key, device.Epoch, number))
        {
            if (await _messages.WriteAsync(transition, fenced: writes++ < Lifecycle.FencedWrites) != WriteOutcome.Written)
            {
                throw new InvalidOperationException("A write without a rival was refused.");
            }
        }
    }

    private async Task AddDeviceAsync(string tenantId, string id)
    {
        var now = DateTimeOffset.UtcNow;
        var device = new Device
        {
            TenantId = tenantId,
            Id = id,
            UserId = "user",
            Name = id,
            Transport = "simulator",
            Epoch = 0,
            Session = DeviceSession.New(now),
            CreatedAt = now,
            UpdatedAt = now,
        };
        var devices = _services.GetRequiredService<IDeviceStore>();
        await devices.CreateAsync(device);
        _devices.Add((await devices.RaiseEpochAsync(device.Key))!);
        await _services.GetRequiredService<IWebhookStore>().PutAsync(new()
        {
            Id = "wh_" + id,
            TenantId = tenantId,
            DeviceId = id,
            UserId = "user",
            Url = new Uri("http://127.0.0.1/"),
            Events = Events,
            Enabled = true,
            Timeout = TimeSpan.FromSeconds(30),
            Headers = ImmutableDictionary<string, string>.Empty,
            CreatedAt = now,
            UpdatedAt = now,
        });
    }

    private static string Name(string prefix, int number) => prefix + number.ToString("D30", CultureInfo.InvariantCulture);

    private sealed class PlainSecrets : ISecretProtector
    {
        public string Protect(string secret) => secret;

        public string Unprotect(string protectedSecret) => protectedSecret;
    }
}
