namespace Orleans.InProcess.Simulation;

/// <summary>A timer on the virtual clock. Each arming puts one entry into the queue of timers; older entries of the same timer are void.</summary>
internal sealed class VirtualTimer(Simulation simulation, SimulatedNode? node, TimerCallback callback, object? state) : ITimer
{
    private TimeSpan _period = Timeout.InfiniteTimeSpan;
    private bool _disposed;

    public DateTimeOffset Due { get; set; }

    public int Arming { get; set; }

    public SimulatedNode? Node => node;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed || node?.IsCrashed == true)
        {
            return false;
        }

        if (simulation.IsElsewhere)
        {
            simulation.ThrowEscaped("a timer was changed");
        }

        _period = period;
        Arming++;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            simulation.Arm(this, dueTime);
        }

        return true;
    }

    public Entry AsArmed() => new(this, Due, Arming);

    public void Dispose() => _disposed = true;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>One arming of a timer.</summary>
    public readonly record struct Entry(VirtualTimer Timer, DateTimeOffset Due, int Arming)
    {
        public bool IsAlive => !Timer._disposed && Timer.Arming == Arming && Timer.Node?.IsCrashed != true;

        public void Fire() => Timer.Fire(Arming);
    }

    private void Fire(int arming)
    {
        if (node is { IsStalled: true })
        {
            node.OnResume(() => Fire(arming)); // it was due while its process stood still
            return;
        }

        if (_disposed || Arming != arming)
        {
            return;
        }

        if (_period > TimeSpan.Zero)
        {
            simulation.Arm(this, _period);
        }

        if (node is null)
        {
            callback(state);
        }
        else
        {
            node.PostFromTimer(() => callback(state));
        }
    }
}
