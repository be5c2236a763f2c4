using System.Net;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Serialization;
using Wuts.Grains.Hosting;

namespace Wuts.Server.Cluster;

/// <summary>Orleans: one silo alone, or silos and gateways that find each other through PostgreSQL. <c>NoCluster.cs</c> is its counterpart.</summary>
internal static class ClusterEngine
{
    public const string Name = "orleans";

    private const string Invariant = "Npgsql";
    private static readonly TimeSpan GatewayListRefresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IdleActivation = TimeSpan.FromMinutes(15); // tenants; devices stay, and messages say less themselves
    private static readonly TimeSpan SiloResponseTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ConnectionRetry = TimeSpan.FromSeconds(1);

    public static void AddSingleSilo(WebApplicationBuilder builder) => builder.UseOrleans(silo =>
    {
        // One silo that nobody joins: free ports, so that several installations run beside each other on one machine.
        var (siloPort, gatewayPort) = FreePorts.Two();
        silo.UseLocalhostClustering(siloPort, gatewayPort);
        silo.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = ("wuts", "wuts-single"));
        silo.AddActivityPropagation();
        Dashboard.AddTo(silo, builder.Configuration);
    });

    /// <param name="connectionString">Of the database with the tables of Orleans' providers.</param>
    public static void AddSilo(WebApplicationBuilder builder, MembershipOptions membership, string connectionString)
    {
        builder.UseOrleans(silo =>
        {
            silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Invariant, connectionString));
            silo.UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = (Invariant, connectionString));
            silo.AddAdoNetGrainStorageAsDefault(options => (options.Invariant, options.ConnectionString) = (Invariant, connectionString));
            silo.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (membership.ServiceId, membership.ClusterId));
            silo.Configure<SiloOptions>(options => options.SiloName = membership.SiloName);
            silo.Configure<EndpointOptions>(options => Listen(options, membership));
            silo.Configure<ClusterMembershipOptions>(options => DetectDeath(options, membership));
            silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = SiloResponseTimeout);
            silo.Configure<GrainCollectionOptions>(options =>
                (options.CollectionAge, options.EnableActivationSheddingOnMemoryPressure) = (IdleActivation, true));
            silo.Configure<LoadSheddingOptions>(RefuseOnlyForMemory);
            silo.AddActivityPropagation();
            Dashboard.AddTo(silo, builder.Configuration);
        });
        LetDriverErrorsTravel(builder);
        builder.Services.AddSingleton<IRelocation, SiloRelocation>();
        builder.Services.AddSingleton<SiloShare>();
        builder.Services.AddSingleton<ISweepShare>(services => services.GetRequiredService<SiloShare>());
        builder.Services.AddHostedService(services => services.GetRequiredService<SiloShare>());
    }

    /// <param name="connectionString">Of the database in which silos say where they are.</param>
    public static void AddGateway(WebApplicationBuilder builder, MembershipOptions membership, string connectionString)
    {
        LetDriverErrorsTravel(builder);
        builder.UseOrleansClient(client => Join(client, builder.Configuration, membership, connectionString));
    }

    public static void MapDashboard(WebApplication app) => Dashboard.Map(app);

    private static void Join(IClientBuilder client, IConfiguration configuration, MembershipOptions membership, string connectionString)
    {
        client.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Invariant, connectionString));
        client.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (membership.ServiceId, membership.ClusterId));
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = GatewayListRefresh);
        client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = membership.ResponseTimeout);
        client.UseConnectionRetryFilter(WaitForSilos);
        client.AddActivityPropagation();
        Dashboard.AddTo(client, configuration);
    }

    // A silo's failure names the database's own error as its cause; a gateway must be able to read it to know an outage from a fault.
    private static void LetDriverErrorsTravel(WebApplicationBuilder builder) =>
        builder.Services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.Add(Invariant));

    // A silo that only this machine should reach listens only there.
    private static void Listen(EndpointOptions options, MembershipOptions membership)
    {
        (options.SiloPort, options.GatewayPort) = (membership.SiloPort, membership.GatewayPort);
        if (membership.AdvertisedAddress is { } text && IPAddress.Parse(text) is var address)
        {
            options.AdvertisedIPAddress = address;
            var interfaces = IPAddress.IsLoopback(address) ? address : IPAddress.Any;
            options.SiloListeningEndpoint = new(interfaces, membership.SiloPort);
            options.GatewayListeningEndpoint = new(interfaces, membership.GatewayPort);
        }
    }

    // A silo whose connections are still open, as when it stands still, is given the longest probe for each that it missed.
    private static void DetectDeath(ClusterMembershipOptions options, MembershipOptions membership)
    {
        options.ProbeTimeout = membership.ProbeTimeout;
        options.MaxProbeTimeout = membership.ProbeTimeout * 2;
        options.NumMissedProbesLimit = membership.MissedProbes;
    }

    // A busy processor makes everybody wait a little, which is fair; full memory would end the process.
    private static void RefuseOnlyForMemory(LoadSheddingOptions options)
    {
        options.LoadSheddingEnabled = true;
        options.CpuThreshold = 100;
        options.MemoryThreshold = 95;
    }

    // A gateway may start before the first silo.
    private static async Task<bool> WaitForSilos(Exception failure, CancellationToken cancellationToken)
    {
        await Task.Delay(ConnectionRetry, cancellationToken);
        return true;
    }
}
