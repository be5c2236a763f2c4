using Orleans.Hosting;
using Orleans.InProcess.Simulation;
using Wuts.Simulation.Clients;
using Wuts.Simulation.Network;
using Wuts.Simulation.Storage;
using Wuts.Simulation.World;

namespace Wuts.Simulation.Variants;

/// <summary>The product as it is. What derives from it breaks one promise in a test double, to see that the checker sees it.</summary>
/// <remarks>It keeps nothing between runs: whatever a broken world must remember is in what it makes for that world.</remarks>
internal class Variant
{
    public virtual string Name => "none";

    public virtual CommitLog NewCommitLog(Database database, Journal journal) => new(database, journal);

    public virtual Client NewClient(SimulatedNode node, Func<Gateway> gateway, Random chance, Journal journal) => new(node, gateway, chance, journal);

    /// <summary>A silo's way to the tenants' web servers.</summary>
    public virtual HttpMessageHandler NewInternet(HttpMessageHandler receivers) => receivers;

    /// <summary>Called last in the setup of each silo.</summary>
    public virtual void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network)
    {
    }
}
