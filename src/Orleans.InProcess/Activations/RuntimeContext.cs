using Orleans.InProcess;

namespace Orleans.Runtime;

/// <summary>Which activation this thread is running a turn of.</summary>
internal static class RuntimeContext
{
    public static Activation? Current => TurnQueue.Running?.Owner as Activation;

    /// <summary>Refuses what only a grain may do, and only in its own turns.</summary>
    public static void ThrowIfNotIn(IGrainContext context)
    {
        if (!ReferenceEquals(Current, context))
        {
            throw new InvalidOperationException(
                $"This belongs to grain {context.GrainId} and may be used in its turns only. Code after Task.Run or ConfigureAwait(false) is outside of them.");
        }
    }
}
