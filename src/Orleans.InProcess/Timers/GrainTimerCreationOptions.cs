using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>How a grain timer behaves.</summary>
public readonly struct GrainTimerCreationOptions()
{
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
        : this()
    {
        DueTime = dueTime;
        Period = period;
    }

    /// <summary>When the first tick comes. Zero: at once. Infinite: not before <see cref="IGrainTimer.Change"/>.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>From the end of a tick to the next one. Infinite: there is no next one, not even after an exception.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Whether ticks run in between the turns of requests, as if <c>[AlwaysInterleave]</c>. Default: a tick waits its turn.</summary>
    public bool Interleave { get; init; }

    /// <summary>Whether ticks keep the activation from being collected as idle. Default: they do not.</summary>
    public bool KeepAlive { get; init; }
}

/// <summary>A timer of one activation. It ends with it.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Arms the timer anew. Inside its own callback this takes effect when the callback has ended.</summary>
    void Change(TimeSpan dueTime, TimeSpan period);
}
