using Wuts.Domain.Quotas;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;

namespace Wuts.Grains.Tests;

/// <summary>How many messages a tenant may have waiting, in all its devices.</summary>
public sealed class QueueDepthQuotaTests : IAsyncLifetime
{
    private const int Depth = 10;

    private ClusterFixture _cluster = null!;
    private IDeviceGrain _one = null!;
    private IDeviceGrain _other = null!;

    public async Task InitializeAsync()
    {
        _cluster = await ClusterFixture.StartAsync();
        (_, _one) = await _cluster.NewDevice();
        (_, _other) = await _cluster.NewDevice();
        await _cluster.TenantGrain.SetLimits(new(null, new() { QueueDepth = Depth }));
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Of_many_at_once_over_several_devices_exactly_so_many_get_in()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(n => (n % 2 == 0 ? _one : _other).Send(Later(n))));

        Assert.Equal(Depth, answers.OfType<SendAnswer.Accepted>().Count());
        Assert.All(answers.OfType<SendAnswer.QuotaExceeded>(), refused => Assert.Equal(["queue-depth"], refused.Violated.AsEnumerable()));
        Assert.Equal(Depth, _cluster.Database.Messages.Length);
    }

    [Fact]
    public async Task What_leaves_one_device_makes_room_for_another()
    {
        for (var n = 0; n < Depth; n++)
        {
            Assert.IsType<SendAnswer.Accepted>(await _one.Send(Later(n)));
        }

        Assert.IsType<SendAnswer.QuotaExceeded>(await _other.Send(Later(100)));
        _cluster.Clock.Advance(TimeSpan.FromSeconds(50)); // all of them leave
        await _cluster.Database.Until("messages that have all left", () => Task.FromResult(_cluster.Database.Messages.All(message => !message.IsUnsent)));

        await UntilTold();
        Assert.IsType<SendAnswer.Accepted>(await _other.Send(Later(101)));
    }

    [Fact]
    public async Task What_a_device_had_that_is_gone_is_forgotten()
    {
        for (var n = 0; n < Depth; n++)
        {
            await _one.Send(Later(n));
        }

        await _one.Purge();
        Assert.IsType<SendAnswer.QuotaExceeded>(await _other.Send(Later(100)));
        _cluster.Clock.Advance(TimeSpan.FromSeconds(11));

        Assert.IsType<SendAnswer.Accepted>(await _other.Send(Later(101)));
    }

    private SendCommand Later(int n) => _cluster.Command($"later {n}", chat: $"55119888{n:D5}", delay: 50);

    // When the device's timer was armed depends on when its last call ended.
    private Task UntilTold() => _cluster.TickUntil(
        TimeSpan.FromMilliseconds(10), async () => (await _cluster.TenantGrain.Look()).Policies[0].Remaining >= Depth);
}
