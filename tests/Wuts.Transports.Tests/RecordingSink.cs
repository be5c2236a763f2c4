using System.Collections.Immutable;
using Wuts.Domain.Devices;

namespace Wuts.Transports.Tests;

/// <summary>A gateway that remembers what it was told, can be waited on, and can be made to fail.</summary>
public sealed class RecordingSink : IDeviceEventSink
{
    private readonly Lock _gate = new();
    private readonly List<(DeviceKey Device, DeviceEvent Event)> _all = [];
    private readonly List<(DeviceKey Device, DeviceEvent Event)> _unread = [];
    private readonly List<(Func<DeviceKey, DeviceEvent, bool> Matches, TaskCompletionSource<DeviceEvent> Came)> _waiters = [];
    private int _failures;
    private TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _open = Task.CompletedTask;

    /// <summary>The largest number of events that came at once.</summary>
    public int LargestBatch { get; private set; }

    public IReadOnlyList<(DeviceKey Device, DeviceEvent Event)> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _all];
            }
        }
    }

    /// <summary>What came and nobody waited for.</summary>
    public IReadOnlyList<DeviceEvent> Unread
    {
        get
        {
            lock (_gate)
            {
                return [.. _unread.Select(u => u.Event)];
            }
        }
    }

    public async Task HandleAsync(DeviceKey device, ImmutableArray<DeviceEvent> events, CancellationToken cancellationToken)
    {
        await _open.WaitAsync(cancellationToken);
        lock (_gate)
        {
            if (_failures > 0)
            {
                _failures--;
                _failed.TrySetResult();
                throw new InvalidOperationException("The gateway cannot take events now.");
            }

            LargestBatch = Math.Max(LargestBatch, events.Length);
            foreach (var @event in events)
            {
                _all.Add((device, @event));
                var waiter = _waiters.FindIndex(w => w.Matches(device, @event));
                if (waiter < 0)
                {
                    _unread.Add((device, @event));
                    continue;
                }

                _waiters[waiter].Came.SetResult(@event);
                _waiters.RemoveAt(waiter);
            }
        }
    }

    /// <summary>Lets nothing through until the returned action is called.</summary>
    public Action Hold()
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _open = opened.Task;
        return opened.SetResult;
    }

    /// <summary>Fails the next so many times. Completes when it has failed once.</summary>
    public Task Fail(int times = 1)
    {
        lock (_gate)
        {
            _failures = times;
            _failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return Within(_failed.Task, "failure of the sink");
        }
    }

    /// <summary>The first event of a kind that was not waited for before.</summary>
    public async Task<T> NextAsync<T>(Func<T, bool>? where = null, DeviceKey? device = null)
        where T : DeviceEvent
    {
        var came = new TaskCompletionSource<DeviceEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool Matches(DeviceKey of, DeviceEvent e) => e is T wanted && where?.Invoke(wanted) != false && (device is null || of == device);
        lock (_gate)
        {
            var at = _unread.FindIndex(u => Matches(u.Device, u.Event));
            if (at >= 0)
            {
                var found = _unread[at].Event;
                _unread.RemoveAt(at);
                return (T)found;
            }

            _waiters.Add((Matches, came));
        }

        await Within(came.Task, $"{typeof(T).Name} event");
        return (T)await came.Task;
    }

    private static async Task Within(Task task, string what)
    {
        try
        {
            await task.WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"No {what} came.");
        }
    }
}
