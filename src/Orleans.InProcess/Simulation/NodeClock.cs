namespace Orleans.InProcess.Simulation;

/// <summary>The virtual clock, as one node sees it.</summary>
internal sealed class NodeClock(Simulation simulation, SimulatedNode node) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => simulation.Now;

    public override long GetTimestamp() => simulation.Now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(simulation, node, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
