using Orleans;

namespace Wuts.Grains.Devices;

// Leaving a silo in order.
internal sealed partial class DeviceGrain
{
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(25);

    private Waiter<bool>? _pumpEnded;

    private bool IsDraining => localDevices.IsDraining;

    // A message whose acceptance is being stored together with its claim must be handed over here, too.
    private bool IsBusy => _pumping || _claimed is not null || (_queue.InFlight is { } id && _accepting.ContainsKey(id));

    public async Task<bool> Drain(CancellationToken cancellationToken)
    {
        if (!IsDraining)
        {
            return true; // it has moved meanwhile, and the silo where it is now goes on
        }

#pragma warning disable CA1849 // CancelAsync goes through the thread pool
        _typing?.Cancel();
#pragma warning restore CA1849
        Rouse();
        if (IsBusy)
        {
            using var waiter = new Waiter<bool>(clock, DrainPatience, false, cancellationToken);
            _pumpEnded = waiter;
            await waiter.Task;
        }

        if (_next.DueAt - clock.GetUtcNow() > Profile.Burst)
        {
            SetHealth(_health with { NextDueAt = _next.DueAt, DrainedIn = Epoch }); // whoever sends next keeps the distance
            await TryKeepHealth();
        }

        ReturnPermits();
        _departures.Release();
        return !IsBusy;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        metrics.Gauges.Forget(this);
        localDevices.Remove(_key);
        _claimedPlace?.Dispose();
        return Task.CompletedTask;
    }
}
