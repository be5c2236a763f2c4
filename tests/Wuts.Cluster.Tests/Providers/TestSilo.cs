using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Wuts.Cluster.Tests.Providers;

/// <summary>A silo in the test process, on loopback, with all three providers.</summary>
internal static class TestSilo
{
    /// <summary>Clears grain state by removing its row.</summary>
    public const string RemovingStorage = "removing";

    public static async Task<IHost> StartAsync(string connectionString, string clusterId)
    {
        var (siloPort, gatewayPort) = FreePorts();
        var host = new HostBuilder()
            .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
            .UseOrleans(silo => silo
                .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (clusterId, "wuts"))
                .ConfigureEndpoints(IPAddress.Loopback, siloPort, gatewayPort)
                .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (ClusterDatabase.Invariant, connectionString))
                .UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = (ClusterDatabase.Invariant, connectionString))
                .AddAdoNetGrainStorageAsDefault(options => (options.Invariant, options.ConnectionString) = (ClusterDatabase.Invariant, connectionString))
                .AddAdoNetGrainStorage(RemovingStorage, options =>
                {
                    (options.Invariant, options.ConnectionString) = (ClusterDatabase.Invariant, connectionString);
                    options.DeleteStateOnClear = true;
                }))
            .Build();
        await host.StartAsync();
        return host;
    }

    public static SiloAddress AddressOf(IHost silo) => silo.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    private static (int Silo, int Gateway) FreePorts()
    {
        using var silo = new TcpListener(IPAddress.Loopback, 0);
        using var gateway = new TcpListener(IPAddress.Loopback, 0);
        silo.Start();
        gateway.Start();
        return (((IPEndPoint)silo.LocalEndpoint).Port, ((IPEndPoint)gateway.LocalEndpoint).Port);
    }
}
