using System.Net;
using Orleans.Configuration;

namespace Orleans.Hosting;

public static class CoreHostingExtensions
{
    private const string DevelopmentName = "dev";

    /// <summary>
    /// Accepted so that host code is the same on both engines. There is no cluster here, so the ports and the endpoint mean
    /// nothing; the two names are kept if they are given.
    /// </summary>
    public static ISiloBuilder UseLocalhostClustering(
        this ISiloBuilder builder,
        int siloPort = 11111,
        int gatewayPort = 30000,
        IPEndPoint? primarySiloEndpoint = null,
        string serviceId = DevelopmentName,
        string clusterId = DevelopmentName)
    {
        _ = (siloPort, gatewayPort, primarySiloEndpoint);
        return serviceId == DevelopmentName && clusterId == DevelopmentName ? builder : builder.Configure<ClusterOptions>(options =>
        {
            options.ServiceId = serviceId;
            options.ClusterId = clusterId;
        });
    }
}
