namespace Orleans.InProcess.Simulation;

/// <summary>
/// A process of a simulated world: a silo, a client, a database. All that runs in it runs as turns of queues that belong to it,
/// by its clock, so that it can stall and crash between any two of them.
/// </summary>
public sealed class SimulatedNode
{
    private readonly Simulation _simulation;
    private readonly NodeScheduler _scheduler;
    private readonly TurnQueue _timers;
    private readonly List<TurnQueue> _parked = [];
    private readonly List<Action> _onResume = [];

    internal SimulatedNode(Simulation simulation, string name)
    {
        _simulation = simulation;
        Name = name;
        _scheduler = new(simulation, this);
        _timers = new(_scheduler);
        Clock = new NodeClock(simulation, this);
    }

    public string Name { get; }

    /// <summary>For whatever asks for a scheduler of turns.</summary>
    public TurnScheduler Scheduler => _scheduler;

    /// <summary>The virtual clock; its timers end with this node.</summary>
    public TimeProvider Clock { get; }

    public bool IsStalled { get; private set; }

    public bool IsCrashed { get; private set; }

    /// <summary>A scheduler of tasks with a queue of its own, for a loop that runs besides everything else.</summary>
    public TaskScheduler NewQueue() => new TurnQueue(_scheduler);

    /// <summary>Runs something here, and gives its result back to wherever that is awaited. It never comes if the node crashes first.</summary>
    public Task<T> Run<T>(Func<Task<T>> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, NewQueue()).Unwrap();

    /// <summary>Runs something here. The task never ends if the node crashes first.</summary>
    public Task Run(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, NewQueue()).Unwrap();

    /// <summary>Runs something here that nobody waits for. An exception fails the whole run.</summary>
    public void Start(Func<Task> work) => _ = Run(async () =>
    {
        try
        {
            await work();
        }
        catch (Exception exception)
        {
            _simulation.Fail(exception);
        }
    });

    /// <summary>Stops all of it where it is, until <see cref="Resume"/>: a long garbage collection, a frozen virtual machine, SIGSTOP.</summary>
    public void Stall() => IsStalled = true;

    /// <summary>Goes on as if nothing had happened, with every timer that came due meanwhile.</summary>
    public void Resume()
    {
        IsStalled = false;
        foreach (var queue in _parked)
        {
            _simulation.Ready(queue);
        }

        Action[] due = [.. _onResume];
        _parked.Clear();
        _onResume.Clear();
        foreach (var action in due)
        {
            action();
        }
    }

    /// <summary>Ends it in the middle of whatever it does: power is gone.</summary>
    public void Crash()
    {
        IsCrashed = true;
        _parked.Clear();
        _onResume.Clear();
    }

    internal void Park(TurnQueue queue) => _parked.Add(queue);

    internal void OnResume(Action action) => _onResume.Add(action);

    // What a timer starts belongs to a queue like everything else, so that what it awaits comes back there.
    internal void PostFromTimer(Action callback) => _timers.Post(callback);
}
