using Orleans.InProcess.Simulation;
using Wuts.Simulation.World;
using Wuts.Storage.Writing;

namespace Wuts.Simulation.Storage;

/// <summary>
/// One silo's way to write. The commit happens in the database's process, so a silo that dies in the middle of a flush may have
/// stored it all the same; never half of it.
/// </summary>
internal sealed class SimulatedFlushTarget(Database database, SimulatedNode silo, FaultPlan faults, CommitLog commits) : IFlushTarget
{
    public Task<FlushOutcome> FlushAsync(IReadOnlyList<StorageWrite> writes) => database.Node.Run(async () =>
    {
        await database.Travel();
        if (faults.Strikes("flush-slow", 0.03))
        {
            await database.Dawdle();
        }

        if (database.IsDown || faults.Strikes("flush-fails", 0.03))
        {
            throw new IOException("The link to the simulated database broke before the commit.");
        }

        if (faults.Strikes("flush-rolled-back", 0.03))
        {
            throw new FlushRolledBackException(transient: true, new IOException("A simulated deadlock."));
        }

        if (silo.IsCrashed && faults.Strikes("flush-dies-with-its-silo", 0.5))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, database.Node.Clock);
        }

        var outcome = commits.Commit(silo, writes);
        if (faults.Strikes("flush-answer-lost", 0.03))
        {
            throw new IOException("The link to the simulated database broke after the commit.");
        }

        await database.Travel();
        return outcome;
    });
}
