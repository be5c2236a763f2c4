using Orleans.InProcess.Simulation;
using Wuts.Simulation.World;
using Wuts.Testing.Memory;

namespace Wuts.Simulation.Storage;

/// <summary>The database that all silos share: a process of its own, some milliseconds away, which may be down.</summary>
public sealed class Database
{
    private readonly SimulatedNode _node;
    private readonly FaultPlan _faults;
    private readonly Random _chance;

    public Database(SimulatedNode node, FaultPlan faults, Random chance)
    {
        (_node, _faults, _chance) = (node, faults, chance);
        Consents = new(Tables, node.Clock);
    }

    public MemoryDatabase Tables { get; } = new();

    /// <summary>What it knows of consent, and since when.</summary>
    internal ConsentLog Consents { get; }

    public SimulatedNode Node => _node;

    public bool IsDown { get; set; }

    /// <summary>Goes there, does something at once, and comes back.</summary>
    /// <exception cref="Wuts.Storage.StorageUnavailableException">It is down, or the link broke on the way there or back.</exception>
    public Task<T> Ask<T>(Func<T> work) => _node.Run(async () =>
    {
        await Travel();
        if (IsDown || _faults.Strikes("query-fails", 0.01))
        {
            throw new Wuts.Storage.StorageUnavailableException("The simulated database did not answer.");
        }

        var answer = work();
        if (_faults.Strikes("query-answer-lost", 0.005))
        {
            throw new Wuts.Storage.StorageUnavailableException("The link to the simulated database broke.");
        }

        await Travel();
        return answer;
    });

    /// <summary>Commits a transaction, and looks at what it changed.</summary>
    internal T Write<T>(Func<MemoryTables, T> write)
    {
        var result = Tables.Write(write);
        Consents.Look();
        return result;
    }

    /// <summary>As long as a packet takes.</summary>
    public Task Travel() => Task.Delay(TimeSpan.FromMicroseconds(_chance.Next(10) == 0 ? _chance.Next(20_000) : _chance.Next(2_000)), _node.Clock);

    /// <summary>A fault's worth of time, up to a minute.</summary>
    public Task Dawdle() => Task.Delay(TimeSpan.FromMilliseconds(_chance.Next(500, 60_000)), _node.Clock);
}
