using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.InProcess;

/// <summary>
/// A grain timer. Its clock's timer is always one-shot: it is armed for the next tick when a tick has ended, so ticks cannot
/// overlap or pile up.
/// </summary>
internal sealed partial class GrainTimer : IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly CancellationTokenSource _disposed = new();
    private readonly bool _keepsAlive;
    private readonly TimerTick _tick;
    private readonly ITimer _timer;
    private TimeSpan _dueTime;
    private TimeSpan _period;
    private int _ticking;
    private bool _changed;

    private GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _callback = callback;
        _keepsAlive = options.KeepAlive;
        _tick = new(this, options.Interleave);
        _timer = activation.Silo.GrainClock.CreateDetachedTimer(
            static timer => timer.OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public static GrainTimer Register(IGrainContext grain, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        if (grain is not Activation activation)
        {
            throw new InvalidOperationException("Only a grain that a silo has activated can have timers.");
        }

        RuntimeContext.ThrowIfNotIn(activation);
        var timer = new GrainTimer(activation, callback, options);
        activation.OnTimerCreated(timer);
        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Validate(dueTime, nameof(dueTime));
        Validate(period, nameof(period));
        _dueTime = dueTime;
        _period = period;
        _changed = true;
        if (Volatile.Read(ref _ticking) == 0)
        {
            _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _activation.OnTimerDisposed(this);
        _disposed.Cancel();
    }

    /// <summary>Runs one tick, as a request of the activation.</summary>
    public async Task Tick()
    {
        if (_disposed.IsCancellationRequested)
        {
            return;
        }

        _changed = false;
        try
        {
            await _callback(_disposed.Token);
        }
        catch (Exception exception)
        {
            Log.TickFailed(_activation.Silo.Logger, _activation.GrainId, exception);
        }

        if (_keepsAlive)
        {
            _activation.MarkUsed();
        }

        Volatile.Write(ref _ticking, 0);
        if (!_disposed.IsCancellationRequested)
        {
            _timer.Change(_changed ? _dueTime : _period, Timeout.InfiniteTimeSpan);
        }
    }

    // On the clock's thread. A change that was made at this very moment may have armed it again: one tick is enough.
    private void OnDue()
    {
        if (Interlocked.Exchange(ref _ticking, 1) == 0)
        {
            _activation.Receive(_tick);
        }
    }

    private static void Validate(TimeSpan time, string name)
    {
        var milliseconds = (long)time.TotalMilliseconds;
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, -1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, 0xfffffffe, name);
    }

    private static partial class Log
    {
        [LoggerMessage(9101, LogLevel.Warning, "A timer callback of grain {GrainId} failed")]
        public static partial void TickFailed(ILogger logger, GrainId grainId, Exception exception);
    }
}
