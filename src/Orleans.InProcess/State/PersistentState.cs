using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.InProcess;

/// <summary>
/// State of one activation. Operations on the record run one after the other in the order they were asked for. Writes that
/// wait together become one, as the last of them stores what all of them would.
/// </summary>
internal sealed class PersistentState<TState>(string name, Activation activation, IGrainStorage storage) : IPersistentState<TState>
{
    private readonly GrainState<TState> _record = new(StateFactory.Create<TState>());
    private bool _loaded;
    private Task _last = Task.CompletedTask;
    private Task? _waitingWrite;

    public TState State
    {
        get
        {
            RuntimeContext.ThrowIfNotIn(activation);
            return _record.State!;
        }

        set
        {
            RuntimeContext.ThrowIfNotIn(activation);
            _record.State = value;
        }
    }

    public string? Etag => _record.ETag;

    public bool RecordExists => _loaded ? _record.RecordExists : throw new InvalidOperationException($"State {name} of grain {activation.GrainId} has not been read yet.");

    public Task ReadStateAsync() => ReadStateAsync(default);

    public Task WriteStateAsync() => WriteStateAsync(default);

    public Task ClearStateAsync() => ClearStateAsync(default);

    public Task ReadStateAsync(CancellationToken cancellationToken) => Run(async () =>
    {
        await storage.ReadStateAsync(name, activation.GrainId, _record, cancellationToken);
        _loaded = true;
    });

    public Task ClearStateAsync(CancellationToken cancellationToken) =>
        Run(() => storage.ClearStateAsync(name, activation.GrainId, _record, cancellationToken));

    public Task WriteStateAsync(CancellationToken cancellationToken)
    {
        if (_waitingWrite is { } waiting && !cancellationToken.CanBeCanceled)
        {
            return waiting;
        }

        var waits = !_last.IsCompleted;
        var write = Run(() =>
        {
            _waitingWrite = null;
            return storage.WriteStateAsync(name, activation.GrainId, _record, cancellationToken);
        });
        _waitingWrite = waits && !cancellationToken.CanBeCanceled ? write : null;
        return write;
    }

    private Task Run(Func<Task> operation)
    {
        RuntimeContext.ThrowIfNotIn(activation);
        _waitingWrite = null;
        return _last = After(_last, operation);
    }

    private async Task After(Task previous, Func<Task> operation)
    {
        await previous.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await operation();
        }
        catch (Exception exception) when (exception is not (OrleansException or OperationCanceledException))
        {
            throw new OrleansException($"State {name} of grain {activation.GrainId} could not be read or stored: {exception.Message}", exception);
        }
    }
}
