using Orleans.InProcess.Simulation;
using Wuts.Simulation.World;
using Wuts.Testing.Memory;

namespace Wuts.Simulation.Storage;

/// <summary>The database that all silos share: a process of its own, some milliseconds away, which may be down.</summary>
public sealed class Database(SimulatedNode node, FaultPlan faults, Random chance)
{
    public MemoryDatabase Tables { get; } = new();

    public SimulatedNode Node => node;

    public bool IsDown { get; set; }

    /// <summary>Goes there, does something at once, and comes back.</summary>
    /// <exception cref="Wuts.Storage.StorageUnavailableException">It is down, or the link broke on the way there or back.</exception>
    public Task<T> Ask<T>(Func<T> work) => node.Run(async () =>
    {
        await Travel();
        if (IsDown || faults.Strikes("query-fails", 0.01))
        {
            throw new Wuts.Storage.StorageUnavailableException("The simulated database did not answer.");
        }

        var answer = work();
        if (faults.Strikes("query-answer-lost", 0.005))
        {
            throw new Wuts.Storage.StorageUnavailableException("The link to the simulated database broke.");
        }

        await Travel();
        return answer;
    });

    /// <summary>As long as a packet takes.</summary>
    public Task Travel() => Task.Delay(TimeSpan.FromMicroseconds(chance.Next(10) == 0 ? chance.Next(20_000) : chance.Next(2_000)), node.Clock);

    /// <summary>A fault's worth of time, up to a minute.</summary>
    public Task Dawdle() => Task.Delay(TimeSpan.FromMilliseconds(chance.Next(500, 60_000)), node.Clock);
}
