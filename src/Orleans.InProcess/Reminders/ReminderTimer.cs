using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.InProcess;

/// <summary>Calls one grain at the times of one of its reminders. The next tick is armed when the grain has answered this one.</summary>
internal sealed partial class ReminderTimer : IDisposable
{
    // The longest a clock's timer can be armed for is about 49 days.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(40);

    private readonly ReminderService _service;
    private readonly ReminderEntry _entry;
    private readonly ITimer _timer;
    private DateTime _due;
    private DateTime _lastTick = DateTime.MinValue;
    private volatile bool _disposed;

    public ReminderTimer(ReminderService service, ReminderEntry entry)
    {
        _service = service;
        _entry = entry;
        _timer = service.Clock.CreateDetachedTimer(static timer => timer.OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private DateTime Now => _service.Clock.GetUtcNow().UtcDateTime;

    public void Arm()
    {
        var now = Now;
        _due = NextTick(now);
        Wait(_due - now);
    }

    public void Dispose()
    {
        _disposed = true;
        _timer.Dispose();
    }

    /// <summary>The first whole period since the start that is not over yet, but never one that has ticked already.</summary>
    private DateTime NextTick(DateTime now)
    {
        var start = DateTime.SpecifyKind(_entry.StartAt, DateTimeKind.Utc); // some tables lose the kind
        var behind = now <= start ? TimeSpan.Zero : new TimeSpan((now - start).Ticks % _entry.Period.Ticks);
        var next = now <= start ? start : behind == TimeSpan.Zero ? now : now + (_entry.Period - behind);
        return next > _lastTick ? next : _lastTick + _entry.Period;
    }

    private void Wait(TimeSpan time) => _timer.Change(
        time < TimeSpan.Zero ? TimeSpan.Zero : time > LongestWait ? LongestWait : time, Timeout.InfiniteTimeSpan);

    private void OnDue()
    {
        var early = _due - Now;
        if (early > TimeSpan.Zero)
        {
            Wait(early);
        }
        else
        {
            _service.Post(() => _ = Tick());
        }
    }

    private async Task Tick()
    {
        if (_disposed)
        {
            return;
        }

        _lastTick = _due;
        try
        {
            await _service.Grain(_entry.GrainId).ReceiveReminder(_entry.ReminderName, new TickStatus(_entry.StartAt, _entry.Period, Now));
        }
        catch (Exception exception)
        {
            Log.TickFailed(_service.Logger, _entry.ReminderName, _entry.GrainId, exception);
        }

        if (!_disposed)
        {
            Arm();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(9201, LogLevel.Error, "Reminder {Name} of grain {GrainId} failed. It ticks again after its period")]
        public static partial void TickFailed(ILogger logger, string name, GrainId grainId, Exception exception);
    }
}
