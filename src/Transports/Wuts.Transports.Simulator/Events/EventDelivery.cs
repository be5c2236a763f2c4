using Microsoft.Extensions.Logging;
using Wuts.Domain.Devices;
using Wuts.Transports.Simulator.Log;

namespace Wuts.Transports.Simulator.Events;

/// <summary>
/// Brings events to the sink: at least once, one batch of a device at a time, everything that gathered meanwhile in the next.
/// An event is brought only once the line that caused it is in the log, so that the network never forgets what it told.
/// </summary>
internal sealed partial class EventDelivery(NetworkCore core, ILogger logger) : IAsyncDisposable
{
    private const int LargestBatch = 200;
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<Task> _deliveries = [];
    private IDeviceEventSink? _sink;

    /// <summary>Begins to deliver. What happened before waits until then.</summary>
    public void Start(IDeviceEventSink sink)
    {
        lock (core.Gate)
        {
            _sink = sink;
            foreach (var outbox in core.State.Outboxes.All)
            {
                Wake(outbox);
            }
        }
    }

    /// <summary>Sends a new event on its way; chance may repeat or delay it. Called under the gate.</summary>
    public void Release(Outbox outbox, OutboxEvent @event)
    {
        var faults = core.Faults;
        var copies = core.Chance.Happens(faults.DuplicateRate) ? 2 : 1;
        for (var copy = 0; copy < copies; copy++)
        {
            if (core.Chance.Happens(faults.ReorderRate))
            {
                core.Schedule.At(core.Clock.GetUtcNow() + core.Chance.Between(faults.ReorderDelayMs), () => ReleaseLate(outbox, @event));
            }
            else
            {
                outbox.MakeReady(@event);
            }
        }

        Wake(outbox);
    }

    /// <summary>Delivers what can be delivered, unless a delivery is under way. Called under the gate.</summary>
    public void Wake(Outbox outbox)
    {
        if (_sink is not { } sink || outbox.Delivering || !outbox.HasDeliverable || _stopping.IsCancellationRequested)
        {
            return;
        }

        outbox.Delivering = true;
        using var fresh = ExecutionContext.SuppressFlow(); // it outlives whatever woke it, and is no part of that
        var delivery = Task.Run(() => DeliverAsync(outbox, sink));
        _deliveries.Add(delivery);
        delivery.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public async Task StopAsync()
    {
        Task[] deliveries;
        lock (core.Gate)
        {
            _stopping.Cancel();
            deliveries = [.. _deliveries];
        }

        await Task.WhenAll(deliveries).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private void ReleaseLate(Outbox outbox, OutboxEvent @event)
    {
        lock (core.Gate)
        {
            outbox.MakeReady(@event);
            Wake(outbox);
        }
    }

    private async Task DeliverAsync(Outbox outbox, IDeviceEventSink sink)
    {
        var backoff = FirstBackoff;
        while (true)
        {
            OutboxEvent[] batch;
            lock (core.Gate)
            {
                batch = _stopping.IsCancellationRequested ? [] : outbox.Take(LargestBatch);
                if (batch.Length == 0)
                {
                    outbox.Delivering = false;
                    return;
                }
            }

            if (await TryDeliverAsync(outbox.Device, batch, sink))
            {
                backoff = FirstBackoff;
                Acknowledge(outbox, batch);
                continue;
            }

            lock (core.Gate)
            {
                outbox.Return(batch);
            }

            await Task.Delay(backoff, core.Clock, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff;
        }
    }

    private async Task<bool> TryDeliverAsync(DeviceKey device, OutboxEvent[] batch, IDeviceEventSink sink)
    {
        try
        {
            await core.Log.WrittenAsync(batch.Max(e => e.Seq)).WaitAsync(_stopping.Token);
            await sink.HandleAsync(device, [.. batch.Select(e => e.Event)], _stopping.Token);
            return true;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e)
        {
            Log.DeliveryFailed(logger, e, device, batch.Length);
            return false;
        }
    }

    private void Acknowledge(Outbox outbox, OutboxEvent[] batch)
    {
        lock (core.Gate)
        {
            if (outbox.Handle(batch) is { } through)
            {
                core.Record(new LogEntry { Kind = LogKind.Acked, Device = outbox.DeviceName, Through = through });
            }
        }
    }

    private void Forget(Task delivery)
    {
        lock (core.Gate)
        {
            _deliveries.Remove(delivery);
        }
    }
}
