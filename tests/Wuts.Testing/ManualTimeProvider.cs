namespace Wuts.Testing;

/// <summary>
/// A clock that moves only when a test says so. A timer armed with zero fires at once, as on the system clock.
/// One owner: only the test advances it.
/// </summary>
public sealed class ManualTimeProvider(DateTimeOffset? start = null) : TimeProvider
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(TimeSpan DueTime, TaskCompletionSource Armed)> _waiters = [];
    private DateTimeOffset _now = start ?? new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _armings;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Completes when a timer is armed, or was since the clock moved last, to fire <paramref name="dueTime"/> later.</summary>
    public async Task TimerArmed(TimeSpan dueTime)
    {
        var armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_timers.Exists(t => t.ArmedAt == _now && t.DueAt == _now + dueTime))
            {
                return;
            }

            _waiters.Add((dueTime, armed));
        }

        try
        {
            await armed.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"No timer was armed for {dueTime}.");
        }
    }

    /// <summary>Moves the clock, firing each timer at its own time, in order of time.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        DateTimeOffset end;
        lock (_gate)
        {
            end = _now + by;
        }

        while (true)
        {
            ManualTimer? next;
            lock (_gate)
            {
                next = _timers.Where(t => t.DueAt <= end).OrderBy(t => t.DueAt).ThenBy(t => t.Arming).FirstOrDefault();
                if (next is null)
                {
                    _now = end;
                    return;
                }

                _now = next.DueAt > _now ? next.DueAt : _now;
                next.Rearm();
            }

            next.Fire();
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;
        private volatile bool _disposed;

        public DateTimeOffset ArmedAt { get; private set; }

        public DateTimeOffset DueAt { get; private set; }

        public long Arming { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                if (_disposed)
                {
                    return false;
                }

                _period = period;
                clock._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    return true;
                }

                if (dueTime > TimeSpan.Zero)
                {
                    Arm(dueTime);
                    return true;
                }

                if (_period > TimeSpan.Zero)
                {
                    Arm(_period);
                }
            }

            ThreadPool.UnsafeQueueUserWorkItem(static timer => timer.Fire(), this, preferLocal: false);
            return true;
        }

        /// <summary>Called under the clock's lock.</summary>
        public void Rearm()
        {
            clock._timers.Remove(this);
            if (_period > TimeSpan.Zero)
            {
                Arm(_period);
            }
        }

        public void Fire()
        {
            if (!_disposed)
            {
                callback(state);
            }
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                _disposed = true;
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(TimeSpan dueTime)
        {
            ArmedAt = clock._now;
            DueAt = clock._now + dueTime;
            Arming = ++clock._armings;
            clock._timers.Add(this);
            foreach (var waiter in clock._waiters.Where(w => w.DueTime == dueTime).ToArray())
            {
                clock._waiters.Remove(waiter);
                waiter.Armed.TrySetResult();
            }
        }
    }
}
