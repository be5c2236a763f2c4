using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Wuts.Domain.Quotas;
using Wuts.Grains.Hosting;

namespace Wuts.Grains.Quotas;

// Questions interleave, for most of them wait for the next round. That is safe because _pool is an immutable value, replaced by one
// statement with no await in it. Nothing is stored: a pool that begins anew begins for all alike.
[GrainType("capacity-pool")]
internal sealed class CapacityPoolGrain(IOptionsMonitor<RatePoolOptions> options, ISweepShare share, TimeProvider clock, PoolMetrics metrics)
    : Grain, ICapacityPoolGrain
{
    // Tenants and devices whose call ended with a silo ask again a second later. Whoever comes before them is not to have all for itself.
    private static readonly TimeSpan Regathering = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FaultDelay = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Waiter<PermitGrant>> _waiting = [];
    private string _name = null!;
    private CapacityPool _pool = null!;
    private IGrainTimer _timer = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _name = this.GetPrimaryKeyString();
        var terms = options.Get(_name);
        _pool = CapacityPool.Open(
            new(terms.Rate ?? throw new InvalidOperationException(
                $"The pool '{_name}' has no rate in this silo: set {RatePoolOptions.SectionOf(_name)}:{nameof(RatePoolOptions.Rate)} alike in every silo."), terms.Round),
            OpensAt());
        _timer = this.RegisterWork(_ => Turn());
        return Task.CompletedTask;
    }

    public async Task<PermitGrant> Ask(PoolAsk ask)
    {
        var (pool, grant) = _pool.Ask(ask, clock.GetUtcNow());
        _pool = pool;
        metrics.Unused(_name, ask.Unused);
        Arm();
        if (grant is not null)
        {
            metrics.Granted(_name, grant.Permits);
            return grant;
        }

        using var waiter = new Waiter<PermitGrant>(clock, Hold, PermitGrant.Nothing(TimeSpan.Zero), CancellationToken.None);
        if (_waiting.Remove(ask.Claimant, out var earlier))
        {
            earlier.End(); // whoever waited for that answer has given up
        }

        _waiting[ask.Claimant] = waiter;
        var granted = await waiter.Task;
        if (_waiting.GetValueOrDefault(ask.Claimant) == waiter)
        {
            _waiting.Remove(ask.Claimant);
            _pool = _pool.Withdraw(ask.Claimant);
        }

        return granted;
    }

    private DateTimeOffset OpensAt()
    {
        var now = clock.GetUtcNow();
        return share.ChangedAt + Regathering is { } gathered && gathered > now ? gathered : now;
    }

    private Task Turn()
    {
        var (pool, grants) = _pool.Turn(clock.GetUtcNow());
        _pool = pool;
        foreach (var (claimant, grant) in grants)
        {
            metrics.Granted(_name, grant.Permits);
            if (_waiting.Remove(claimant, out var waiter))
            {
                waiter.Complete(grant);
            }
        }

        Arm();
        return Task.CompletedTask;
    }

    private void Arm()
    {
        var due = _pool.NextRound is not { } next ? Timeout.InfiniteTimeSpan
            : next - clock.GetUtcNow() is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        _timer.Change(due, FaultDelay);
    }
}
