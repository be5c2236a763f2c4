using Microsoft.Extensions.DependencyInjection;
using Orleans.InProcess.Simulation;
using Orleans.Runtime;
using World = Orleans.InProcess.Simulation.Simulation;

namespace Orleans.InProcess.Tests.InProcessOnly.Simulating;

/// <summary>A simulated world of two silos, a client, and grains that say where they are.</summary>
internal sealed class TwoSilos
{
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    private readonly World _simulation = new(seed: 1);
    private readonly SimulatedNode _client;
    private readonly Travels _travels = new();

    public TwoSilos()
    {
        _client = _simulation.AddNode("client");
        Cluster = new(
            _simulation,
            (node, silo) =>
            {
                silo.Services.AddSingleton(node);
                silo.Services.AddSingleton(_travels);
            },
            leg => Transit(leg));
        Grains = Cluster.NewClient(_client, new ServiceCollection().BuildServiceProvider());
    }

    public SimulatedCluster Cluster { get; }

    /// <summary>The client's.</summary>
    public IGrainFactory Grains { get; }

    /// <summary>How long calls and answers travel.</summary>
    public Func<Transit, TimeSpan?> Transit { get; set; } = static _ => TimeSpan.FromMilliseconds(1);

    public TimeSpan Elapsed => _simulation.Elapsed;

    /// <summary>Activations that ended in order.</summary>
    public IEnumerable<string> Ends => _travels.Ends;

    /// <summary>Runs a test in the client's node, once both silos have started. It must end.</summary>
    public void Live(Func<Task> test) => Assert.True(_simulation.Run(
        _client.Run(async () =>
        {
            await Cluster.StartSilo("silo-1");
            await Cluster.StartSilo("silo-2");
            await test();
        }),
        Patience));

    public Task Wait(TimeSpan time) => Task.Delay(time, _client.Clock);

    /// <summary>Activates a grain, and says where.</summary>
    public async Task<SimulatedSilo> SiloOf(IWandererGrain grain)
    {
        await grain.Where();
        return Cluster.Find(grain)!;
    }

    /// <summary>Where ticks came from lately.</summary>
    public string[] TicksOf(TimeSpan time) => [.. _travels.Ticks.Where(tick => tick.At > _simulation.Now - time).Select(tick => tick.Silo)];
}

/// <summary>What grains did, for the test to read.</summary>
internal sealed class Travels
{
    public List<(DateTimeOffset At, string Silo)> Ticks { get; } = [];

    public List<string> Ends { get; } = [];
}

public interface IWandererGrain : IGrainWithStringKey
{
    /// <summary>The silo's name.</summary>
    Task<string> Where();

    /// <summary>Asks another one where it is.</summary>
    Task<string> WhereIs(string other);

    /// <summary>How often this activation was asked this.</summary>
    Task<int> Count();

    Task Hold(TimeSpan time);

    /// <summary>Begins to tick, each second.</summary>
    Task Tick();
}

internal sealed class WandererGrain(SimulatedNode node, Travels travels) : Grain, IWandererGrain
{
    private int _count;

    public Task<string> Where() => Task.FromResult(node.Name);

    public Task<string> WhereIs(string other) => GrainFactory.GetGrain<IWandererGrain>(other).Where();

    public Task<int> Count() => Task.FromResult(++_count);

    public Task Hold(TimeSpan time) => Task.Delay(time, node.Clock);

    public Task Tick()
    {
        this.RegisterGrainTimer(
            () =>
            {
                travels.Ticks.Add((node.Clock.GetUtcNow(), node.Name));
                return Task.CompletedTask;
            },
            new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        travels.Ends.Add($"{node.Name} ended {this.GetPrimaryKeyString()}");
        return Task.CompletedTask;
    }
}
