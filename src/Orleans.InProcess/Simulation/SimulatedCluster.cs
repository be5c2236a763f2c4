using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.InProcess.Simulation;

/// <summary>A call or an answer that is about to travel from one node to another.</summary>
public sealed record Transit(SimulatedNode From, SimulatedNode To, GrainId Grain, string Method, bool IsAnswer);

/// <summary>
/// Several silos in one simulation, with what makes a cluster hard: calls take time and get lost, silos crash and are found dead
/// later, stall and come back not knowing that they were replaced, and for a while a grain may have two activations.
/// It has no membership protocol: the simulation says when the others learn of a death.
/// </summary>
/// <param name="configure">Adds what every silo needs. Runs for each start of one.</param>
/// <param name="transit">How long a call or an answer is on its way; <c>null</c> when it never arrives.</param>
public sealed partial class SimulatedCluster(
    Simulation simulation, Action<SimulatedNode, ISiloBuilder> configure, Func<Transit, TimeSpan?> transit)
{
    private readonly List<SimulatedSilo> _silos = [];
    private readonly Random _placement = simulation.Chance("placement");

    /// <summary>The silos that run, stall, or are not known to be dead yet, oldest first.</summary>
    public IReadOnlyList<SimulatedSilo> Silos => _silos;

    /// <summary>Raised, outside of any node, when a silo takes part or is known to be gone.</summary>
    public event Action? MembershipChanged;

    /// <summary>Starts a silo, and lets it take part once it has started.</summary>
    public async Task<SimulatedSilo> StartSilo(string name)
    {
        var node = simulation.AddNode(name);
        var services = new ServiceCollection();
        services.AddSingleton(node.Scheduler);
        services.AddSingleton(node.Clock);
        services.AddSingleton<ICallRoute>(new Route(this, node));
        services.AddOrleans(silo => configure(node, silo));
        var silo = new SimulatedSilo(node, services.BuildServiceProvider());
        _silos.Add(silo);
        await silo.Start();
        MembershipChanged?.Invoke();
        return silo;
    }

    /// <summary>Stops a silo in order: its activations end, and move on with the next call. What has not ended in time ends as in a crash.</summary>
    public async Task StopSilo(SimulatedSilo silo, TimeSpan patience)
    {
        await silo.Stop(simulation.After, patience);
        Declare(silo);
    }

    /// <summary>Tells the others that a silo is dead: calls that it owes fail, and its grains move. Whether it is dead indeed is another matter.</summary>
    public void Declare(SimulatedSilo silo)
    {
        _zombies[silo.Node] = silo;
        Forget(silo);
        foreach (var call in silo.Owed.ToArray())
        {
            call.Reject(new SiloUnavailableException($"Silo {silo} is dead. The outcome of the call is unknown."));
        }

        silo.Owed.Clear();
    }

    /// <summary>Grains for code in a node that is no silo, such as a front end.</summary>
    public IClusterClient NewClient(SimulatedNode node, IServiceProvider services)
    {
        var sender = new CallSender(new ClientMessagingOptions(), node.Clock, static () => [], static () => null, new Route(this, node));
        sender.Start();
        return new GrainFactory(services, sender);
    }

    private void Forget(SimulatedSilo silo)
    {
        _silos.Remove(silo);
        foreach (var grain in _directory.Where(entry => entry.Value == silo).Select(entry => entry.Key).ToArray())
        {
            _directory.Remove(grain);
        }

        MembershipChanged?.Invoke();
    }

    /// <summary>The way out of one node.</summary>
    private sealed class Route(SimulatedCluster cluster, SimulatedNode node) : ICallRoute
    {
        public void Send(Call call) => cluster.Send(call, node);

        public void Answer(Call call, Action settle) => cluster.Answer(call, ((NodeScheduler)call.Activation!.Silo.Scheduler).Node, node, settle);
    }
}
