namespace Wuts.Server.Roles;

/// <summary>What a process is: the values of <c>Wuts:Role</c>.</summary>
internal static class Role
{
    /// <summary>Silo, HTTP API and storage in one process that nobody joins.</summary>
    public const string All = "all";

    /// <summary>A silo of a cluster: grains, transports and webhook delivery.</summary>
    public const string Silo = "silo";

    /// <summary>The stateless HTTP front end of a cluster.</summary>
    public const string Gateway = "gateway";

    /// <summary>The simulated WhatsApp network alone.</summary>
    public const string Simulator = "simulator";

    /// <summary>Whether this is a process of a cluster, which shares all that it keeps with the others.</summary>
    public static bool IsOfCluster(string role) => role is Silo or Gateway;
}
