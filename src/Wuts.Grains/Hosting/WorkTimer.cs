using Orleans;
using Orleans.Runtime;

namespace Wuts.Grains.Hosting;

/// <summary>The timers behind what a grain does by itself, beside the calls that it takes.</summary>
internal static class WorkTimer
{
    /// <summary>
    /// Registers a timer that keeps its grain in memory and is not armed yet. Its ticks interleave with calls, but never with each other:
    /// one that comes while another is under way does nothing.
    /// </summary>
    /// <remarks>A grain timer of Orleans that is changed while a tick is on its way to the grain brings another.</remarks>
    public static IGrainTimer RegisterWork(this Grain grain, Func<CancellationToken, Task> work)
    {
        var isWorking = false;
        return grain.RegisterGrainTimer(
            Tick,
            new GrainTimerCreationOptions { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, Interleave = true, KeepAlive = true });

        async Task Tick(CancellationToken cancellationToken)
        {
            if (isWorking)
            {
                return;
            }

            isWorking = true;
            try
            {
                await work(cancellationToken);
            }
            finally
            {
                isWorking = false;
            }
        }
    }
}
