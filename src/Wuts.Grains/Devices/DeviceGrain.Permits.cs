using Wuts.Domain.Quotas;
using Wuts.Domain.Sending;
using Wuts.Grains.Quotas;
using Wuts.Grains.Tenants;

namespace Wuts.Grains.Devices;

// Permits to dispatch and a place in the silo, for one message after the other. Only the pump waits for them, so at most one wait is under
// way; whatever makes the wait pointless rouses it.
internal sealed partial class DeviceGrain
{
    private const int MostWanted = 50;

    private PermitLease _lease = PermitLease.None;
    private int _leased;
    private int _wanted = 1;
    private bool _leasing;
    private DateTimeOffset _leaseFrom;
    private Waiter<bool>? _awaitingPermit;
    private DateTimeOffset? _permitSince; // since when the message in flight waits for one, or for its place
    private bool _placeAhead; // it waits for its place

    /// <summary>Waits until a message that has been typed may be claimed, and spends the permit for it.</summary>
    /// <returns>Its place in the silo; <c>null</c> when it is not to leave now after all.</returns>
    private async Task<FairGate.Ticket?> AwaitPermit(QueuedMessage message, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        FairGate.Ticket? place = null;
        var admitted = false;
        try
        {
            for (var first = true; first || MayStillLeave(message, cancellationToken); first = false)
            {
                if (await HasPermit(cancellationToken))
                {
                    place ??= gates.Handovers.Enter(_key.TenantId, _lease.Weight);
                    if (!place.IsInside)
                    {
                        _placeAhead = true;
                        await Pause(Timeout.InfiniteTimeSpan, place.Admitted, cancellationToken);
                        _placeAhead = false;
                    }
                    else if (_lease.Spend(clock.GetUtcNow()) is { } rest)
                    {
                        _lease = rest;
                        admitted = true;
                        poolMetrics.Waited(clock.GetElapsedTime(started));
                        return place;
                    }
                }
            }

            return null;
        }
        finally
        {
            (_permitSince, _placeAhead) = (null, false);
            if (!admitted)
            {
                place?.Dispose();
            }
        }
    }

    private bool MayStillLeave(QueuedMessage message, CancellationToken cancellationToken) =>
        _session.IsConnected && !IsDraining && !cancellationToken.IsCancellationRequested && _queue.IsFirstInChat(message.Id)
        && !(GivesWayAt <= clock.GetUtcNow());

    /// <summary>Whether a permit can be spent now. If not, returns after a wait in which something has changed.</summary>
    private async Task<bool> HasPermit(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_lease.Spend(now) is not null)
        {
            return true;
        }

        if (_lease.NextUsable(now) is { } usable)
        {
            await Pause(usable - now, null, cancellationToken);
        }
        else if (_leasing || _leaseFrom <= now)
        {
            var leased = _leasing ? null : Lease();
            if (leased is { IsCompleted: true })
            {
                return false;
            }

            await Pause(Timeout.InfiniteTimeSpan, null, cancellationToken);
        }
        else
        {
            await Pause(_leaseFrom - now, null, cancellationToken);
        }

        return false;
    }

    private async Task Pause(TimeSpan patience, Task? until, CancellationToken cancellationToken)
    {
        using var waiter = new Waiter<bool>(clock, patience, true, cancellationToken);
        _awaitingPermit = waiter;
        _permitSince ??= clock.GetUtcNow();
        await (until is null ? (Task)waiter.Task : Task.WhenAny(until, waiter.Task));
        _awaitingPermit = null;
    }

    /// <summary>Has the pump look again whether what it waits for a permit with is to leave at all.</summary>
    private void Rouse() => _awaitingPermit?.End();

    // Not part of the pump: when that gives up waiting, the permits still come, and serve the next message.
    private async Task Lease()
    {
        _leasing = true;
        try
        {
            var unused = _lease.Unused;
            _wanted = NextWanted(unused);
            _lease = _lease with { Permits = 0 };
            var grant = await TenantOfDevice.LendPermits(new(_key.DeviceId, _wanted, unused) { UnusedMark = _lease.Mark });
            var now = clock.GetUtcNow();
            _leaseFrom = now + grant.AskAfter;
            if (grant.Permits > 0)
            {
                (_lease, _leased) = (PermitLease.Of(grant, now), grant.Permits);
                metrics.Leased(grant.Permits);
            }
        }
        catch (Exception e)
        {
            Log.NoPermits(logger, e, _key);
            _leaseFrom = clock.GetUtcNow() + FaultDelay;
        }
        finally
        {
            _leasing = false;
            Rouse();
        }
    }

    // One, then twice what was used up: what a device holds and does not use, nobody uses.
    private int NextWanted(int unused)
    {
        var useful = unused > 0 ? _leased - unused : 2 * _leased;
        return Math.Clamp(useful, 1, Math.Clamp(_queue.Count, 1, MostWanted));
    }

    /// <summary>Gives back what is left when there is nothing to spend it on.</summary>
    private void ReturnPermits()
    {
        if (_lease.IsRationed && !_leasing && !IsDue(out _))
        {
            var left = _lease;
            _lease = PermitLease.None with { Weight = left.Weight };
            _ = left.Unused > 0 ? GiveBack(left) : Task.CompletedTask;
        }
    }

    private async Task GiveBack(PermitLease left)
    {
        try
        {
            await TenantOfDevice.LendPermits(new(_key.DeviceId, 0, left.Unused) { UnusedMark = left.Mark });
        }
        catch (Exception e)
        {
            Log.PermitsNotReturned(logger, e, _key); // they end by themselves
        }
    }
}
