using Orleans.Hosting;

namespace Wuts.Server.Cluster;

/// <summary>The in-process engine: one process, and no cluster. Its counterpart for Orleans is in <c>OrleansCluster.cs</c>.</summary>
internal static class ClusterEngine
{
    public const string Name = "inprocess (one process; clusters need the Orleans packages)";

    public static void AddSingleSilo(WebApplicationBuilder builder) => builder.UseOrleans(silo => silo.UseLocalhostClustering().AddActivityPropagation());

    public static void AddSilo(WebApplicationBuilder builder, MembershipOptions cluster, string connectionString) => throw Refusal();

    public static void AddGateway(WebApplicationBuilder builder, MembershipOptions cluster, string connectionString) => throw Refusal();

    public static void MapDashboard(WebApplication app)
    {
        // The dashboard is Orleans' own: it is not there without it.
    }

    private static StartupException Refusal() => new(
        "The roles silo and gateway need the engine 'orleans', and this program was built with 'inprocess', which is one process by design. "
        + "Build it with WutsEngine=orleans where the Orleans packages can be restored, or start it with --role all.");
}
