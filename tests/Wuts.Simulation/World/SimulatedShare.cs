using Orleans.InProcess.Simulation;
using Wuts.Grains.Hosting;

namespace Wuts.Simulation.World;

/// <summary>The share of a silo in the sweep. A stalled silo learns of changes when it goes on; one that was replaced has no share.</summary>
internal sealed class SimulatedShare : ISweepShare
{
    private readonly SimulatedCluster _cluster;
    private readonly SimulatedNode _node;

    public SimulatedShare(SimulatedCluster cluster, SimulatedNode node)
    {
        (_cluster, _node) = (cluster, node);
        cluster.MembershipChanged += () => node.Start(() =>
        {
            ChangedAt = node.Clock.GetUtcNow();
            Changed?.Invoke();
            return Task.CompletedTask;
        });
    }

    public event Action? Changed;

    public DateTimeOffset? ChangedAt { get; private set; }

    public bool Includes(string key)
    {
        var nodes = _cluster.Silos.Select(silo => silo.Node).ToList();
        return SweepShares.Includes(key, nodes.IndexOf(_node), nodes.Count);
    }
}
