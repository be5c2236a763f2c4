namespace Orleans.InProcess;

/// <summary>Runs ready queues on the thread pool, as many at once as it has threads.</summary>
internal sealed class ConcurrentTurnScheduler : TurnScheduler
{
    // A queue that always has another turn gives way to the others after this many.
    private const int TurnsPerSlice = 64;

    private readonly Action<TurnQueue> _runSlice;

    public ConcurrentTurnScheduler() => _runSlice = RunSlice;

    public override void Schedule(TurnQueue queue) => ThreadPool.UnsafeQueueUserWorkItem(_runSlice, queue, preferLocal: true);

    private void RunSlice(TurnQueue queue)
    {
        if (queue.RunTurns(TurnsPerSlice))
        {
            ThreadPool.UnsafeQueueUserWorkItem(_runSlice, queue, preferLocal: false);
        }
    }
}
