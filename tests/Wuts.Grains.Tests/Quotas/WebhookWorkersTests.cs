using Microsoft.Extensions.DependencyInjection;
using Wuts.Domain.Webhooks;
using Wuts.Grains.Devices;
using Wuts.Grains.Quotas;

namespace Wuts.Grains.Tests.Quotas;

/// <summary>Two tenants' webhooks in a silo with few workers.</summary>
public sealed class WebhookWorkersTests : IAsyncLifetime
{
    private const string Other = "other";
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ScriptedReceiver _slow = null!;
    private ScriptedReceiver _quick = null!;
    private ClusterFixture _cluster = null!;

    public async Task InitializeAsync()
    {
        (_slow, _quick) = (await ScriptedReceiver.StartAsync(), await ScriptedReceiver.StartAsync());
        _cluster = await ClusterFixture.StartAsync(configure: services => services.Configure<PoolOptions>(pools => pools.WebhookWorkers = 2));
        await _cluster.AddTenant(Other, "other token");
    }

    public async Task DisposeAsync()
    {
        _release.TrySetResult();
        await _cluster.DisposeAsync();
        await _slow.DisposeAsync();
        await _quick.DisposeAsync();
    }

    [Fact]
    public async Task A_tenant_whose_receiver_holds_every_worker_leaves_the_next_that_comes_free_to_another()
    {
        var held = 0;
        _slow.Answer = _ =>
        {
            if (Interlocked.Increment(ref held) > 1)
            {
                _release.Task.Wait(Held);
            }

            return 200;
        };
        var (_, noisy) = await _cluster.NewDevice(configure: e => e with { Url = _slow.Url, Events = [WebhookEvents.MessageSent] });
        var (_, quiet) = await _cluster.NewDevice(configure: e => e with { Url = _quick.Url, Events = [WebhookEvents.MessageSent] }, tenant: Other);
        for (var i = 0; i < 6; i++)
        {
            await noisy.Send(_cluster.Command($"noisy {i}", hold: Held));
        }

        await _slow.Next();
        await quiet.Send(_cluster.Command("quiet", hold: Held));
        _release.TrySetResult();

        Assert.Contains("message.sent", (await _quick.Next()).Body, StringComparison.Ordinal);
        for (var i = 1; i < 6; i++)
        {
            await _slow.Next();
        }

        Assert.Equal(0, _cluster.Service<Gates>().WebhookWorkers.Waiting);
    }
}
