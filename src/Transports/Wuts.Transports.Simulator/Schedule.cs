using Microsoft.Extensions.Logging;

namespace Wuts.Transports.Simulator;

/// <summary>
/// Does things at their time, one after the other, in order of time and then of asking: one queue and one timer, whatever the load.
/// </summary>
internal sealed partial class Schedule : IDisposable
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly PriorityQueue<Action, (DateTimeOffset Due, long Order)> _works = new();
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private DateTimeOffset _armedFor = DateTimeOffset.MaxValue;
    private long _order;
    private bool _running;
    private bool _disposed;

    public Schedule(TimeProvider clock, ILogger logger)
    {
        _clock = clock;
        _logger = logger;
        _timer = clock.CreateTimer(static schedule => ((Schedule)schedule!).Run(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Does something at a time, or at once when it has passed; never inside this call.</summary>
    public void At(DateTimeOffset due, Action work)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _works.Enqueue(work, (due, ++_order));
            if (!_running && due < _armedFor)
            {
                Arm(due);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _works.Clear();
        }

        _timer.Dispose();
    }

    private void Run()
    {
        lock (_gate)
        {
            if (_running)
            {
                return; // the run under way sees what is due by now
            }

            _running = true;
        }

        while (TakeDue() is { } work)
        {
            try
            {
                work();
            }
            catch (ObjectDisposedException) when (_disposed)
            {
                return; // the network closed while this was being done
            }
            catch (Exception e)
            {
                Log.WorkFailed(_logger, e);
            }
        }
    }

    private Action? TakeDue()
    {
        lock (_gate)
        {
            if (!_works.TryPeek(out var work, out var next))
            {
                _running = false;
                _armedFor = DateTimeOffset.MaxValue;
                return null;
            }

            if (next.Due > _clock.GetUtcNow())
            {
                _running = false;
                Arm(next.Due);
                return null;
            }

            return _works.Dequeue();
        }
    }

    private void Arm(DateTimeOffset due)
    {
        _armedFor = due;
        var wait = due - _clock.GetUtcNow();

        // The system's timers count whole milliseconds: armed for less, they would fire too early and again and again.
        _timer.Change(wait <= TimeSpan.Zero ? TimeSpan.Zero : wait < ShortestWait ? ShortestWait : wait, Timeout.InfiniteTimeSpan);
    }
}
