namespace Wuts.Grains;

/// <summary>
/// Somebody who waits in a grain for a result, for a limited time. Time and the caller's token end the very task that is awaited, so
/// that whoever waits goes on in a turn of its grain; <c>Task.WaitAsync</c> would take a detour through the thread pool.
/// </summary>
internal sealed class Waiter<T> : IDisposable
{
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly T _otherwise;
    private readonly ITimer _patience;
    private readonly CancellationTokenRegistration _giveUp;

    /// <param name="otherwise">What is given when time is over, or the caller gives up.</param>
    public Waiter(TimeProvider clock, TimeSpan patience, T otherwise, CancellationToken cancellationToken)
    {
        _otherwise = otherwise;
        _patience = clock.CreateTimer(static waiter => ((Waiter<T>)waiter!).End(), this, patience, Timeout.InfiniteTimeSpan);
        _giveUp = cancellationToken.UnsafeRegister(static waiter => ((Waiter<T>)waiter!).End(), this);
    }

    public Task<T> Task => _result.Task;

    public void Complete(T result) => _result.TrySetResult(result);

    /// <summary>Ends the wait as if time were over.</summary>
    public void End() => _result.TrySetResult(_otherwise);

    public void Dispose()
    {
        _patience.Dispose();
        _giveUp.Unregister();
    }
}
