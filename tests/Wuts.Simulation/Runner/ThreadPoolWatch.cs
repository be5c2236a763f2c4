using Orleans.InProcess.Simulation;

namespace Wuts.Simulation.Runner;

/// <summary>
/// Sees to it that nothing runs on the thread pool, in a process that has no use for it: what runs there is in no seed's hand. The
/// simulation itself notices, and says where, when such work comes back to it; this notices the rest.
/// </summary>
internal sealed class ThreadPoolWatch
{
    private readonly long _before = Count;

    private static long Count => ThreadPool.CompletedWorkItemCount + ThreadPool.PendingWorkItemCount;

    /// <exception cref="SimulationException">Something ran there since this watch began.</exception>
    public void ThrowIfUsed()
    {
        if (Count - _before is var items and > 0)
        {
            throw new SimulationException($"The run has escaped: {items} pieces of work went to the thread pool, by it or by one that ran at the same time.");
        }
    }
}
