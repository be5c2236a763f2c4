namespace Orleans.InProcess;

/// <summary>Timers that do not carry the async-locals of whoever made them into their callback.</summary>
internal static class Clocks
{
    public static ITimer CreateDetachedTimer<T>(this TimeProvider clock, Action<T> callback, T state, TimeSpan dueTime, TimeSpan period)
        where T : class
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return clock.CreateTimer(value => callback((T)value!), state, dueTime, period);
        }

        using (ExecutionContext.SuppressFlow())
        {
            return clock.CreateTimer(value => callback((T)value!), state, dueTime, period);
        }
    }
}
