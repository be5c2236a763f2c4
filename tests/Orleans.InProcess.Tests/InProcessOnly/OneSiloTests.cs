using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.InProcess.Tests.Support;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace Orleans.InProcess.Tests.InProcessOnly;

public sealed class OneSiloTests
{
    [Fact]
    public void A_cluster_of_several_silos_is_refused()
    {
        var exception = Assert.Throws<NotSupportedException>(() => new InProcessTestClusterBuilder(2));

        Assert.Contains("no cluster", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_silo_is_refused()
    {
        await using var cluster = new InProcessTestClusterBuilder(1).Build();
        await cluster.DeployAsync();

        await Assert.ThrowsAsync<NotSupportedException>(() => cluster.StartAdditionalSiloAsync());
    }

    [Fact]
    public async Task A_call_before_the_host_has_started_says_so()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.UseOrleans();
        builder.Services.AddSingleton(new Probe());
        using var host = builder.Build();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => host.Services.GetRequiredService<IGrainFactory>().GetGrain<IGreetingGrain>("a").Greet());

        Assert.Contains("has not started", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_grain_of_a_silo_that_was_killed_does_not_go_on()
    {
        var probe = new Probe();
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo.Services.AddSingleton(probe));
        await using var cluster = builder.Build();
        await cluster.DeployAsync();
        var call = cluster.Client.GetGrain<INotifiedGrain>("a").Notify();
        await probe.Reached("a started");

        await cluster.KillSiloAsync(cluster.Silos[0]);
        probe.Set("a go on");
        await cluster.StartAdditionalSiloAsync();
        await cluster.Client.GetGrain<INotifiedGrain>("a").Ping();

        Assert.False(probe.Has("a finished"));
        await call;
    }

    [Fact]
    public async Task A_call_that_is_running_when_the_silo_is_killed_fails()
    {
        var probe = new Probe();
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo.Services.AddSingleton(probe));
        await using var cluster = builder.Build();
        await cluster.DeployAsync();
        var call = cluster.GetSiloServiceProvider().GetRequiredService<IGrainFactory>().GetGrain<IBusyGrain>("a").Write(hold: true);
        await probe.Reached("a started");

        await cluster.KillSiloAsync(cluster.Silos[0]);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => call);
        probe.Set("a go on");
    }
}
