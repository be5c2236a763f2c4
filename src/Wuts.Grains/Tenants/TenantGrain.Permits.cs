using Orleans;
using Wuts.Domain.Quotas;
using Wuts.Grains.Quotas;

namespace Wuts.Grains.Tenants;

// Permits to dispatch: from the pool, where it has a rate, to the devices. Devices ask while others wait, so these calls interleave. That
// is safe because all of what follows is done between two awaits, and only AskPool, which never overlaps itself, waits for the pool.
internal sealed partial class TenantGrain
{
    // Less than it takes to learn that a silo has died: else its devices would still be given permits when the pool begins anew.
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Want> _wants = [];
    private readonly FairQueue<string, Want> _order = new();
    private PermitLease _stock = PermitLease.None;
    private long _asked;
    private int _unused;
    private long _unusedMark;
    private int _lent;
    private bool _asking;

    /// <summary>What one of its devices waits for.</summary>
    private sealed class Want(string deviceId)
    {
        public string DeviceId => deviceId;

        public int Left { get; set; }

        public Waiter<PermitGrant>? Waiter { get; set; }

        public bool IsQueued { get; set; }

        public List<DateTimeOffset> Slots { get; } = [];

        public bool IsLive => Left > 0 && Waiter is { Task.IsCompleted: false };
    }

    private RatePoolOptions Pool => pools.Get(RatePoolOptions.Dispatch);

    public async Task<PermitLease> LeasePermits(string deviceId, int wanted) =>
        PermitLease.Of(await LendPermits(new(deviceId, wanted)), clock.GetUtcNow());

    public async Task<PermitGrant> LendPermits(PermitRequest request)
    {
        if (_tenant is null)
        {
            DeactivateOnIdle(); // it may be registered later
            return PermitGrant.Nothing(RetryDelay);
        }

        var wanted = Math.Clamp(request.Wanted, 0, options.Value.BlockSize);
        if (Pool.Rate is null)
        {
            return new(options.Value.BlockSize, TimeSpan.Zero, TimeSpan.Zero, options.Value.LeaseTime, Weight, TimeSpan.Zero);
        }

        GiveBack(request.Unused, request.UnusedMark);
        if (wanted == 0)
        {
            Serve();
            return PermitGrant.Nothing(TimeSpan.Zero);
        }

        using var waiter = new Waiter<PermitGrant>(clock, Hold, PermitGrant.Nothing(TimeSpan.Zero), CancellationToken.None);
        if (!_wants.TryGetValue(request.DeviceId, out var want))
        {
            _wants.Add(request.DeviceId, want = new(request.DeviceId));
        }

        want.Waiter?.End();
        (want.Left, want.Waiter) = (wanted, waiter);
        QueueUp(want);
        Serve();
        var grant = await waiter.Task;
        if (want.Waiter == waiter)
        {
            want.Waiter = null;
            if (!want.IsQueued)
            {
                _wants.Remove(request.DeviceId);
            }
        }

        return grant;
    }

    private void QueueUp(Want want)
    {
        if (!want.IsQueued)
        {
            want.IsQueued = true;
            _order.Enqueue(want.DeviceId, 1, want);
        }
    }

    /// <summary>Divides what there is among the devices that wait, one permit each in turn, and asks the pool for what is missing.</summary>
    private void Serve()
    {
        var now = clock.GetUtcNow();
        if (_stock.ValidUntil <= now)
        {
            GiveBack(_stock.Unused, _stock.Mark);
            _stock = _stock with { Permits = 0 };
        }

        var served = new List<Want>();
        while (_stock.Permits > 0 && _order.TryDequeue(out _, out var want))
        {
            want.IsQueued = false;
            if (!want.IsLive)
            {
                Forget(want);
                continue;
            }

            if (want.Slots.Count == 0)
            {
                served.Add(want);
            }

            want.Slots.Add(_stock.UsableAt);
            want.Left--;
            _stock = _stock with { Permits = _stock.Permits - 1, UsableAt = _stock.UsableAt + _stock.Spacing };
            if (want.Left > 0)
            {
                QueueUp(want);
            }
        }

        served.ForEach(want => Lend(want, now));
        if (!_asking && (_unused > 0 || _wants.Values.Any(want => want.IsLive)))
        {
            _ = AskPool();
        }
    }

    private void Lend(Want want, DateTimeOffset now)
    {
        var (first, permits) = (want.Slots[0], want.Slots.Count);
        var spacing = permits > 1 ? (want.Slots[^1] - first) / (permits - 1) : TimeSpan.Zero;
        _lent += permits;
        want.Slots.Clear();
        want.Left = 0;
        want.Waiter!.Complete(new(permits, first - now, spacing, _stock.ValidUntil - now, Weight, TimeSpan.Zero) { Mark = _stock.Mark });
        Forget(want);
    }

    private void GiveBack(int unused, long mark)
    {
        if (unused > 0)
        {
            _unusedMark = _unused == 0 ? mark : Math.Min(_unusedMark, mark);
            _unused += unused;
        }
    }

    private void Forget(Want want)
    {
        if (!want.IsQueued && want.Waiter is not { Task.IsCompleted: false })
        {
            _wants.Remove(want.DeviceId);
        }
    }

    // One question at a time: what is wanted meanwhile goes with the next. What was lent since the last grant will be wanted again.
    private async Task AskPool()
    {
        _asking = true;
        try
        {
            if (_asked == 0)
            {
                _asked = clock.GetUtcNow().Ticks; // no activation uses the numbers of another
            }
            else if (clock.GetUtcNow() > _stock.ValidUntil + Pool.Round)
            {
                _lent = 0; // it has been away, and begins anew
            }

            for (var live = Live(); live > 0 || _unused > 0; live = Live())
            {
                var (unused, demand) = (_unused, live == 0 ? 0 : live + _lent);
                _unused = 0;
                await Ask(new(this.GetPrimaryKeyString(), ++_asked, Weight, demand, unused) { UnusedMark = _unusedMark });
            }
        }
        finally
        {
            _asking = false;
        }
    }

    private int Live() => _wants.Values.Sum(want => want.IsLive ? want.Left : 0);

    private async Task Ask(PoolAsk ask)
    {
        while (ask.Demand == 0 || Live() > 0)
        {
            try
            {
                var grant = await GrainFactory.GetGrain<ICapacityPoolGrain>(RatePoolOptions.Dispatch).Ask(ask);
                if (grant.Permits > 0 || ask.Demand == 0)
                {
                    Take(grant);
                    return;
                }

                await Pause(grant.AskAfter);
            }
            catch (Exception e)
            {
                Log.PoolFailed(logger, e, ask.Claimant, RatePoolOptions.Dispatch);
                if (ask.Demand == 0)
                {
                    return; // what was to be given back ends by itself
                }

                await Pause(RetryDelay);
            }
        }
    }

    private async Task Pause(TimeSpan time)
    {
        if (time > TimeSpan.Zero)
        {
            using var pause = new Waiter<bool>(clock, time, false, CancellationToken.None);
            await pause.Task;
        }
    }

    private void Take(PermitGrant grant)
    {
        if (grant.Permits > 0)
        {
            GiveBack(_stock.Unused, _stock.Mark);
            (_stock, _lent) = (PermitLease.Of(grant, clock.GetUtcNow()), 0);
            Serve();
        }
    }
}
