using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.InProcess.Tests.Support;

namespace Orleans.InProcess.Tests;

public sealed class HostingTests
{
    [Fact]
    public async Task A_silo_in_an_application_host_serves_its_grains()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.UseOrleans(silo => Configure(silo, new Probe()));
        using var host = builder.Build();
        await host.StartAsync();

        Assert.Equal("hello", await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IGreetingGrain>("a").Greet());
        Assert.Equal("hello", await host.Services.GetRequiredService<IClusterClient>().GetGrain<IGreetingGrain>("a").Greet());
        Assert.Equal("tests", host.Services.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_silo_in_a_generic_host_serves_its_grains()
    {
        using var host = Host.CreateDefaultBuilder().UseOrleans(silo => Configure(silo, new Probe())).Build();
        await host.StartAsync();

        Assert.Equal("hello", await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IGreetingGrain>("a").Greet());
        await host.StopAsync();
    }

    [Fact]
    public async Task Stopping_the_host_deactivates_all_grains()
    {
        var probe = new Probe();
        var builder = Host.CreateApplicationBuilder();
        builder.UseOrleans(silo => Configure(silo, probe));
        using var host = builder.Build();
        await host.StartAsync();
        foreach (var key in new[] { "a", "b", "c" })
        {
            await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IGreetingGrain>(key).Greet();
        }

        await host.StopAsync();

        foreach (var key in new[] { "a", "b", "c" })
        {
            var reason = await probe.Shown<DeactivationReason>($"{key} deactivated");
            Assert.Equal(DeactivationReasonCode.ShuttingDown, reason.ReasonCode);
        }
    }

    [Fact]
    public async Task A_hosted_service_that_starts_after_the_silo_may_call_grains()
    {
        var probe = new Probe();
        var builder = Host.CreateApplicationBuilder();
        builder.UseOrleans(silo => Configure(silo, probe));
        builder.Services.AddHostedService<GreetingService>();
        using var host = builder.Build();

        await host.StartAsync();

        Assert.Equal("hello", await probe.Shown<string>("service got"));
        await host.StopAsync();
    }

    private static void Configure(ISiloBuilder silo, Probe probe)
    {
        silo.UseLocalhostClustering(FreePort(), FreePort(), serviceId: "tests", clusterId: "tests");
        silo.Services.AddSingleton(probe);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class GreetingService(IGrainFactory grains, Probe probe) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken) =>
            probe.Show("service got", await grains.GetGrain<IGreetingGrain>("a").Greet());
    }
}

public interface IGreetingGrain : IGrainWithStringKey
{
    Task<string> Greet();
}

internal sealed class GreetingGrain(Probe probe) : Grain, IGreetingGrain
{
    public Task<string> Greet() => Task.FromResult("hello");

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Show($"{this.GetPrimaryKeyString()} deactivated", reason);
        return Task.CompletedTask;
    }
}
