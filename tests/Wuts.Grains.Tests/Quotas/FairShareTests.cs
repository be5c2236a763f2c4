using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Wuts.Domain.Devices;
using Wuts.Grains.Devices;
using Wuts.Grains.Quotas;
using Wuts.Grains.Tests.Telemetry;

namespace Wuts.Grains.Tests.Quotas;

/// <summary>Tenants that share a rate. How evenly they do is seen in <c>Wuts.Simulation.Tests</c>, in virtual time.</summary>
public sealed class FairShareTests : IAsyncLifetime
{
    private const int Rate = 50;
    private const string Other = "other";
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    private readonly ConcurrentQueue<string> _left = new(); // the tenant of each message that reached the network
    private readonly List<IDeviceGrain> _devices = [];
    private IDeviceGrain _bystander = null!;
    private ClusterFixture _cluster = null!;
    private Readings _readings = null!;

    public async Task InitializeAsync()
    {
        _cluster = await ClusterFixture.StartAsync(configure: services => services.Configure<RatePoolOptions>(RatePoolOptions.Dispatch, pool => pool.Rate = Rate));
        _readings = Readings.Of(_cluster.Service<IMeterFactory>());
        await _cluster.AddTenant(Other, "other token");
        (_, _bystander) = await _cluster.NewDevice();
    }

    public async Task DisposeAsync()
    {
        _readings.Dispose();
        var stopping = _cluster.DisposeAsync().AsTask();
        while (!stopping.IsCompleted)
        {
            _cluster.Clock.Advance(TimeSpan.FromSeconds(1)); // whoever is being held comes free
            await Task.Yield();
        }
    }

    [Fact]
    public async Task A_tenant_with_one_message_does_not_wait_for_the_queue_of_another()
    {
        await QueueAsync(ClusterFixture.Tenant, devices: 3, messages: 30);
        await TickUntil(() => _left.Count >= 30);
        var before = _left.Count;

        await QueueAsync(Other, devices: 1, messages: 1);
        await TickUntil(() => _left.Contains(Other));

        Assert.InRange(_left.Count - before, 1, 10);
    }

    [Fact]
    public async Task A_device_that_is_drained_while_it_waits_for_a_permit_keeps_its_messages_and_gives_back_its_permits()
    {
        await QueueAsync(ClusterFixture.Tenant, devices: 2, messages: 40);
        await TickUntil(() => _left.Count >= 30);

        var drained = _cluster.Drain.DrainAsync(CancellationToken.None);
        await drained.WaitAsync(TimeSpan.FromSeconds(10));

        var left = _left.Count;
        await Ticks(50);
        Assert.Equal(left, _left.Count);
        Assert.Equal(80 - left, (await Task.WhenAll(_devices.Select(d => d.GetSnapshot()))).Sum(s => s!.Waiting));
    }

    [Fact]
    public async Task Permits_that_nobody_used_are_told_to_the_pool()
    {
        var (key, device) = await NewDevice(ClusterFixture.Tenant);
        await QueueAsync(device, 30);
        var told = 0.0;
        for (var left = 10; told == 0; left = _left.Count + 1)
        {
            Assert.True(left < 30, $"{key} never told of a permit that it had not used.");
            await device.Connect();
            await TickUntil(() => _left.Count >= left);
            var before = Unused();
            await device.Disconnect(); // at times it has just used up what it had
            await Ticks(100);
            told = Unused() - before;
        }

        Assert.True(_left.Count < 30, $"{key} went on without a link.");

        double Unused() => _readings.Sum("wuts.pool.unused", "wuts.pool=Dispatch");
    }

    private async Task QueueAsync(string tenant, int devices, int messages)
    {
        for (var i = 0; i < devices; i++)
        {
            await QueueAsync((await NewDevice(tenant)).Device, messages);
        }
    }

    private async Task<(DeviceKey Key, IDeviceGrain Device)> NewDevice(string tenant)
    {
        var (key, device) = await _cluster.NewDevice(tenant: tenant);
        _devices.Add(device);
        _cluster.Transport.Answer(key, message =>
        {
            _left.Enqueue(tenant);
            return Task.FromResult(_cluster.Transport.Taken(message));
        });
        return (key, device);
    }

    private async Task QueueAsync(IDeviceGrain device, int messages)
    {
        for (var i = 0; i < messages; i++)
        {
            Assert.IsType<SendAnswer.Accepted>(await device.Send(_cluster.Command($"message {i}")));
        }
    }

    private Task TickUntil(Func<bool> happened) => _cluster.TickUntil(Tick, async () =>
    {
        await Turns();
        return happened();
    });

    private async Task Ticks(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _cluster.Tick(Tick);
            await Turns();
        }
    }

    /// <summary>Lets the grains have their turns.</summary>
    private async Task Turns()
    {
        for (var turns = 0; turns < 3; turns++)
        {
            await Task.WhenAll(_devices.Select(d => d.GetSnapshot()).Append(_bystander.GetSnapshot()));
        }
    }
}
