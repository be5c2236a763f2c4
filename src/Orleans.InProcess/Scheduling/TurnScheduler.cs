namespace Orleans.InProcess;

/// <summary>
/// Decides when, and on which thread, a queue that has turns gets to run them. This is the engine's only source of
/// concurrency: nothing else in it starts threads, thread-pool work or tasks on the default scheduler.
/// </summary>
/// <remarks>
/// <see cref="ConcurrentTurnScheduler"/> is what a host gets. A test registers another one (a single thread and a seed, say)
/// as a singleton service before the host is built.
/// </remarks>
public abstract class TurnScheduler
{
    /// <summary>
    /// Takes a queue that has just become ready. The scheduler must call <see cref="TurnQueue.RunTurns"/>, later and never from
    /// inside this call, and again for as long as that returns <c>true</c>. Until then the queue is not handed over again.
    /// </summary>
    public abstract void Schedule(TurnQueue queue);

    /// <summary>Told of each turn that is put into a queue, on the thread that puts it there. Must not throw unless the turn is to be lost.</summary>
    public virtual void OnEnqueued(TurnQueue queue, object turn)
    {
    }
}
