using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.InProcess.Simulation;
using Wuts.Domain.Quotas;
using Wuts.Grains.Quotas;
using Wuts.Simulation.Network;
using Wuts.Storage;

namespace Wuts.Simulation.Variants;

/// <summary>What a tenant has used is known only where it was counted: where the count goes on it has all of its quotas again.</summary>
internal sealed class QuotasInMemory : BrokenUsage
{
    public override string Name => "quotas-in-memory";

    protected override TenantUsage Change(TenantUsage usage) => usage with { AcceptedToday = 0, Recent = [], Window = [] };
}

/// <summary>Where the count goes on, what was used so far counts twice: a tenant is refused before its time.</summary>
internal sealed class UsageCountedTwice : BrokenUsage
{
    public override string Name => "usage-counted-twice";

    protected override TenantUsage Change(TenantUsage usage) => usage with { AcceptedToday = (2 * usage.AcceptedToday) + usage.Recent.Length };
}

/// <summary>A mistake in how a tenant's count begins.</summary>
internal abstract class BrokenUsage : Variant
{
    public sealed override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network) =>
        silo.Decorate<ITenantUsageStore>((_, whole) => new Store(whole, Change));

    protected abstract TenantUsage Change(TenantUsage usage);

    private sealed class Store(ITenantUsageStore whole, Func<TenantUsage, TenantUsage> change) : ITenantUsageStore
    {
        public async Task<TenantUsage> ReadAsync(string tenantId, UsageSince since, CancellationToken cancellationToken) =>
            change(await whole.ReadAsync(tenantId, since, cancellationToken));

        public Task<long> BeginEpochAsync(string tenantId, CancellationToken cancellationToken) => whole.BeginEpochAsync(tenantId, cancellationToken);

        public Task<ImmutableDictionary<string, int>> CountWaitingAsync(string tenantId, CancellationToken cancellationToken) =>
            whole.CountWaitingAsync(tenantId, cancellationToken);

        public Task<bool> HasWrittenAsync(string tenantId, string chatJid, DateTimeOffset before, CancellationToken cancellationToken) =>
            whole.HasWrittenAsync(tenantId, chatJid, before, cancellationToken);
    }
}

/// <summary>A pool that keeps its rate and knows no turns: who asks first is served first, with all that it asks for.</summary>
internal sealed class FirstComeFirstServed : Variant
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    public override string Name => "first-come-first-served";

    public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network)
    {
        var terms = new RatePoolOptions();
        var freeAt = DateTimeOffset.MinValue;
        silo.Services.Configure<RatePoolOptions>(RatePoolOptions.Dispatch, options => terms = options);
        silo.AddIncomingGrainCallFilter(async call =>
        {
            if (call.MethodName != nameof(ICapacityPoolGrain.Ask) || call.Request.GetArgument(0) is not PoolAsk ask)
            {
                await call.Invoke();
                return;
            }

            var now = node.Clock.GetUtcNow();
            var (begin, spacing) = (freeAt > now ? freeAt : now, TimeSpan.FromSeconds(1 / terms.Rate!.Value));
            freeAt = begin + (spacing * ask.Demand);
            await Task.Delay(begin - now, node.Clock);
            call.Result = new PermitGrant(ask.Demand, TimeSpan.Zero, spacing, (spacing * ask.Demand) + Slack, ask.Weight, TimeSpan.Zero) { Mark = 1 };
        });
    }
}
