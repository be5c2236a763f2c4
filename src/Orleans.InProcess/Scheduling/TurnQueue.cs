using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;

namespace Orleans.InProcess;

/// <summary>A piece of work that runs as one turn. It must not throw.</summary>
internal interface ITurn
{
    void Run();
}

/// <summary>
/// The turns of one activation, which run one after the other and never at the same time. It is also the task scheduler that
/// is current inside a turn, so whatever a grain awaits continues here, as a turn of its own.
/// </summary>
public sealed class TurnQueue : TaskScheduler
{
    [ThreadStatic]
    private static TurnQueue? _current;

    private readonly TurnScheduler _scheduler;
    private readonly Lock _gate = new();
    private readonly Queue<object> _turns = new(4); // ITurn, or a Task of this scheduler
    private bool _scheduled;
    private bool _killed;
    private int _limit;

    /// <summary>A queue that belongs to no grain: a simulation runs its own code in one, so that all there is runs as turns.</summary>
    public TurnQueue(TurnScheduler scheduler)
        : this(scheduler, owner: null)
    {
    }

    internal TurnQueue(TurnScheduler scheduler, IGrainContext? owner)
    {
        _scheduler = scheduler;
        Owner = owner;
    }

    internal TurnScheduler Scheduler => _scheduler;

    /// <summary>The queue whose turn is running on this thread.</summary>
    internal static TurnQueue? Running => _current;

    /// <summary>The activation whose turns these are; <c>null</c> for the engine's own background work.</summary>
    internal IGrainContext? Owner { get; }

    /// <summary>
    /// Runs the turns that are ready, in order, but no more than <paramref name="limit"/>. To be called only by the
    /// <see cref="TurnScheduler"/> that was given this queue.
    /// </summary>
    /// <returns><c>true</c> when turns are left: the scheduler must call again.</returns>
    public bool RunTurns(int limit)
    {
        var outer = _current;
        var outerContext = SynchronizationContext.Current;
        _current = this;
        try
        {
            SynchronizationContext.SetSynchronizationContext(null); // an await would go there instead of coming back here
            // Code that runs inside a task of this scheduler sees it as TaskScheduler.Current; one task does for the whole slice.
            _limit = limit;
            var slice = new Task(static queue => ((TurnQueue)queue!).RunSlice(), this);
            slice.RunSynchronously(this);
            slice.GetAwaiter().GetResult();
        }
        finally
        {
            _current = outer;
            SynchronizationContext.SetSynchronizationContext(outerContext);
        }

        lock (_gate)
        {
            _scheduled = _turns.Count > 0;
            return _scheduled;
        }
    }

    /// <summary>Stops it where it is, as a crash would: no turn runs any more, but for the rest of one that is running now.</summary>
    internal void Kill()
    {
        lock (_gate)
        {
            _killed = true;
            _turns.Clear();
        }
    }

    internal void Post(ITurn turn) => Enqueue(turn);

    internal void Post(Action action) => Enqueue(new ActionTurn(action));

    protected override void QueueTask(Task task) => Enqueue(task);

    // On the thread of a turn of this queue the task belongs to that turn.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => _current == this && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
        {
            return [.. _turns.OfType<Task>()];
        }
    }

    private void Enqueue(object turn)
    {
        _scheduler.OnEnqueued(this, turn);
        lock (_gate)
        {
            if (_killed)
            {
                return;
            }

            _turns.Enqueue(turn);
            if (_scheduled)
            {
                return;
            }

            _scheduled = true;
        }

        _scheduler.Schedule(this);
    }

    private void RunSlice()
    {
        var clean = ExecutionContext.Capture();
        for (var left = _limit; left > 0 && TryDequeue(out var turn); left--)
        {
            if (turn is Task task)
            {
                TryExecuteTask(task);
                continue;
            }

            ((ITurn)turn).Run();
            if (clean is not null)
            {
                ExecutionContext.Restore(clean); // what this turn put into async-locals is not for the next one
            }
        }
    }

    private bool TryDequeue([NotNullWhen(true)] out object? turn)
    {
        lock (_gate)
        {
            return _turns.TryDequeue(out turn);
        }
    }

    private sealed class ActionTurn(Action action) : ITurn
    {
        public void Run() => action();
    }
}
