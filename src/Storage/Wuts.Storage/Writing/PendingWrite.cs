namespace Wuts.Storage.Writing;

/// <summary>A write and whoever waits for its outcome.</summary>
internal sealed class PendingWrite(StorageWrite write, CancellationToken cancellationToken)
{
    // The writer's loop must not run its callers' code.
    private readonly TaskCompletionSource<int> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StorageWrite Write => write;

    public Task<int> Outcome => _outcome.Task;

    /// <summary>Whether its caller gave up waiting.</summary>
    public bool IsAbandoned => cancellationToken.IsCancellationRequested;

    public void Complete(int stored) => _outcome.TrySetResult(stored);

    public void Fail(Exception exception) => _outcome.TrySetException(exception);
}
