using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Wuts.Domain.Quotas;
using Wuts.Domain.Tenants;
using Wuts.Storage;

namespace Wuts.Grains.Tenants;

[GrainType("tenant")]
internal sealed class TenantGrain(ITenantStore store, TimeProvider clock, IOptions<PermitOptions> options) : Grain, ITenantGrain
{
    private Tenant? _tenant;

    public override async Task OnActivateAsync(CancellationToken cancellationToken) =>
        _tenant = await store.FindAsync(this.GetPrimaryKeyString(), cancellationToken);

    public Task<PermitLease> LeasePermits(string deviceId, int wanted)
    {
        if (_tenant is null)
        {
            DeactivateOnIdle(); // it may be registered later
            return Task.FromResult(PermitLease.None);
        }

        var permits = Math.Clamp(wanted, 1, options.Value.BlockSize);
        return Task.FromResult(new PermitLease(permits, clock.GetUtcNow() + options.Value.LeaseTime));
    }
}
