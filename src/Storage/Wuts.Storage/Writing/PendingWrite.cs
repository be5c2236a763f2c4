namespace Wuts.Storage.Writing;

/// <summary>A write and whoever waits for its outcome.</summary>
internal sealed class PendingWrite(StorageWrite write, CancellationToken cancellationToken)
{
    // The writer's loop must not run its callers' code.
    private readonly TaskCompletionSource<int> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StorageWrite Write => write;

    /// <summary>Whether its caller gave up waiting.</summary>
    public bool IsAbandoned => cancellationToken.IsCancellationRequested;

    // The token ends the very task that is awaited: Task.WaitAsync would put a hop through the thread pool in between.
    public async Task<int> OutcomeAsync()
    {
        await using var giveUp = cancellationToken.UnsafeRegister(
            static (outcome, token) => ((TaskCompletionSource<int>)outcome!).TrySetCanceled(token), _outcome);
        return await _outcome.Task;
    }

    public void Complete(int stored) => _outcome.TrySetResult(stored);

    public void Fail(Exception exception) => _outcome.TrySetException(exception);
}
