namespace Orleans.InProcess;

/// <summary>A tick on its way through the requests of its activation. A timer has only this one, as it never has two on their way.</summary>
internal sealed class TimerTick(GrainTimer timer, bool interleaves) : Request
{
    public override bool AlwaysInterleaves => interleaves;

    public override bool IsReadOnly => false;

    public override Guid ReentrancyId => Guid.Empty;

    public override async Task Run(Activation activation)
    {
        await timer.Tick();
        activation.OnEnded(this);
    }

    // A timer ends with its activation, and its ticks with it.
    public override void Forward()
    {
    }

    public override void Reject(Exception reason)
    {
    }
}
