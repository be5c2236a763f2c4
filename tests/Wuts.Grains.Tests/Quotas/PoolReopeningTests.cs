using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Wuts.Grains.Hosting;
using Wuts.Grains.Quotas;

namespace Wuts.Grains.Tests.Quotas;

/// <summary>A pool that begins anew because its silo died.</summary>
public sealed class PoolReopeningTests : IAsyncLifetime
{
    private readonly Share _share = new();
    private ClusterFixture _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterFixture.StartAsync(configure: services =>
    {
        services.Configure<RatePoolOptions>(RatePoolOptions.Dispatch, pool => pool.Rate = 60); // six permits a round, which two share evenly
        services.Replace(ServiceDescriptor.Singleton<ISweepShare>(_share));
    });

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task It_serves_nobody_before_those_have_asked_again_whose_calls_ended_with_the_silo()
    {
        _share.ChangedAt = _cluster.Clock.GetUtcNow();
        var pool = _cluster.Pool(RatePoolOptions.Dispatch);
        var first = pool.Ask(new("never called it", 1, 1, 50));
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(1.7));

        _cluster.Clock.Advance(TimeSpan.FromSeconds(1.1));
        var later = pool.Ask(new("waited a second", 1, 1, 50));
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(2)); // for as long the pool holds the question
        _cluster.Clock.Advance(TimeSpan.FromSeconds(0.6));

        Assert.Equal((await first).Permits, (await later).Permits);
    }

    [Fact]
    public async Task It_keeps_nobody_waiting_when_that_was_long_ago()
    {
        _share.ChangedAt = _cluster.Clock.GetUtcNow().AddMinutes(-1);

        var first = _cluster.Pool(RatePoolOptions.Dispatch).Ask(new("the first", 1, 1, 1));
        await _cluster.Clock.TimerArmed(TimeSpan.FromSeconds(0.2));
        _cluster.Clock.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal(1, (await first).Permits);
    }

    private sealed class Share : ISweepShare
    {
        public event Action Changed
        {
            add { }
            remove { }
        }

        public DateTimeOffset? ChangedAt { get; set; }

        public bool Includes(string key) => true;
    }
}
