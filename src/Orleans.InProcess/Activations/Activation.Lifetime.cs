using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.InProcess;

internal enum ActivationState
{
    /// <summary>Constructing the grain, reading its state, running <c>OnActivateAsync</c>. Requests wait.</summary>
    Activating,

    /// <summary>Running requests.</summary>
    Valid,

    /// <summary>Letting the running requests end, then running <c>OnDeactivateAsync</c>. Calls wait, and move on after that.</summary>
    Deactivating,

    /// <summary>No longer known to the catalog. A request that still arrives moves on.</summary>
    Ended,
}

// The beginning and the end of an activation.
internal sealed partial class Activation
{
    private readonly TaskCompletionSource _deactivated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeSpan _collectionAge;
    private readonly List<Func<CancellationToken, Task>> _stateReads = [];
    private HashSet<GrainTimer>? _timers;
    private AsyncServiceScope? _scope;
    private ActivationState _state = ActivationState.Activating;
    private DeactivationReason _reason;
    private bool _wasValid;
    private bool _isActivating = true;
    private bool _isFinishing;
    private long _usedAt;
    private int _load;
    private DateTimeOffset _keepUntil = DateTimeOffset.MinValue;

    public IServiceProvider ActivationServices => _scope?.ServiceProvider ?? Silo.Services;

    public Task Deactivated => _deactivated.Task;

    /// <summary>Starts activating, in the context of the call that asked for it. Called once, by whoever put it into the catalog.</summary>
    public void Start(Dictionary<string, object>? requestContext) => Post(() => _ = Activate(requestContext));

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        if (RuntimeContext.Current == this)
        {
            BeginDeactivating(deactivationReason);
        }
        else
        {
            Post(() => BeginDeactivating(deactivationReason));
        }
    }

    /// <summary>Ends this activation as a crash would: whatever it is doing is not continued, and nothing is told.</summary>
    public void Kill()
    {
        _turns.Kill();
        _deactivated.TrySetResult();
    }

    /// <summary>Registers state to be read before <c>OnActivateAsync</c>.</summary>
    public void OnActivating(Func<CancellationToken, Task> read) => _stateReads.Add(read);

    public void OnTimerCreated(GrainTimer timer) => (_timers ??= []).Add(timer);

    public void OnTimerDisposed(GrainTimer timer) => _timers?.Remove(timer);

    public void OnCallFailed(Call call, Exception exception)
    {
        Log.CallFailed(Silo.Logger, call.Method.IsOneWay ? LogLevel.Warning : LogLevel.Debug, call.Method, GrainId, exception);

        // Somebody else wrote this grain's state, so what this activation holds is out of date. Its callers must not be
        // deactivated too when they let the same exception through.
        if (exception is InconsistentStateException { IsSourceActivation: true } inconsistent)
        {
            inconsistent.IsSourceActivation = false;
            BeginDeactivating(new(DeactivationReasonCode.ApplicationError, exception.Message));
        }
    }

    public void DelayDeactivation(TimeSpan time) => _keepUntil =
        time == TimeSpan.MaxValue || time == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue
        : time <= TimeSpan.Zero ? DateTimeOffset.MinValue
        : Silo.Clock.GetUtcNow() + time;

    /// <summary>Idleness counts from here.</summary>
    public void MarkUsed() => Volatile.Write(ref _usedAt, Silo.Clock.GetTimestamp());

    /// <summary>Called by the collector, on any thread: has this been idle for so long that a closer look is due?</summary>
    public bool LooksIdle() =>
        _collectionAge != Timeout.InfiniteTimeSpan && Silo.Clock.GetElapsedTime(Volatile.Read(ref _usedAt)) >= _collectionAge;

    /// <summary>Ends this activation if it is idle indeed. To be posted as a turn.</summary>
    public void CollectIfIdle()
    {
        if (_state == ActivationState.Valid && IsInactive && LooksIdle() && _keepUntil <= Silo.Clock.GetUtcNow())
        {
            BeginDeactivating(new(DeactivationReasonCode.ActivationIdle, "It was idle."));
        }
    }

    private async Task Activate(Dictionary<string, object>? requestContext)
    {
        MarkUsed();
        try
        {
            RequestContext.Values = requestContext;
            using var timeout = new CancellationTokenSource(Silo.CollectionOptions.ActivationTimeout, Silo.Clock);
            _scope = Silo.Services.CreateAsyncScope();
            GrainInstance = Class.Construct(this);
            await ReadStates(timeout.Token).WaitAsync(timeout.Token);
            if (GrainInstance is IGrainBase grain)
            {
                await grain.OnActivateAsync(timeout.Token).WaitAsync(timeout.Token);
            }

            if (_state == ActivationState.Activating)
            {
                _state = ActivationState.Valid;
            }
        }
        catch (Exception exception)
        {
            Log.ActivationFailed(Silo.Logger, GrainId, exception);
            BeginDeactivating(new(DeactivationReasonCode.ActivationFailed, exception, "The grain could not be activated."));
        }

        _isActivating = false;
        MarkUsed();
        Pump();
        FinishIfDeactivating();
    }

    private async Task ReadStates(CancellationToken cancellationToken)
    {
        foreach (var reading in _stateReads.ConvertAll(read => read(cancellationToken)))
        {
            await reading;
        }
    }

    private void BeginDeactivating(DeactivationReason reason)
    {
        if (_state is ActivationState.Activating or ActivationState.Valid)
        {
            _reason = reason;
            _wasValid = _state == ActivationState.Valid;
            _state = ActivationState.Deactivating;
            FinishIfDeactivating();
        }
    }

    private void FinishIfDeactivating()
    {
        if (_state == ActivationState.Deactivating && _running == 0 && !_isActivating && !_isFinishing)
        {
            _isFinishing = true;
            _turns.Post(() => _ = FinishDeactivating()); // never inside of grain code that asked for it
        }
    }

    private async Task FinishDeactivating()
    {
        foreach (var timer in _timers?.ToArray() ?? [])
        {
            timer.Dispose();
        }

        if (_wasValid && GrainInstance is IGrainBase grain)
        {
            try
            {
                using var timeout = new CancellationTokenSource(Silo.CollectionOptions.DeactivationTimeout, Silo.Clock);
                await grain.OnDeactivateAsync(_reason, timeout.Token).WaitAsync(timeout.Token);
            }
            catch (Exception exception)
            {
                Log.OnDeactivateFailed(Silo.Logger, GrainId, exception);
            }
        }

        _state = ActivationState.Ended;
        Silo.Catalog.Remove(this);
        while (_waiting.TakeFirst() is { } request)
        {
            Leave(request);
        }

        await DisposeGrain();
        _deactivated.TrySetResult();
    }

    private async Task DisposeGrain()
    {
        try
        {
            if (GrainInstance is IAsyncDisposable asyncDisposable)
            {
                await asyncDisposable.DisposeAsync();
            }
            else
            {
                (GrainInstance as IDisposable)?.Dispose();
            }

            if (_scope is { } scope)
            {
                await scope.DisposeAsync();
            }
        }
        catch (Exception exception)
        {
            Log.DisposeFailed(Silo.Logger, GrainId, exception);
        }
    }

    // Ticks of this activation's own timers may still run while it lets its requests end; calls may not.
    private bool IsOpenTo(Request request) =>
        _state == ActivationState.Valid || (_state == ActivationState.Deactivating && request is TimerTick && !_isFinishing);

    // A failed activation would only fail again for those who waited for it; the next call may try anew.
    private void Leave(Request request)
    {
        Unload(request);
        if (_reason.Exception is { } exception)
        {
            request.Reject(exception);
        }
        else
        {
            request.Forward();
        }
    }

}
