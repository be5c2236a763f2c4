using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Wuts.Domain.Tenants;
using Wuts.Grains.Quotas;
using Wuts.Storage;

namespace Wuts.Grains.Tenants;

[GrainType("tenant")]
internal sealed partial class TenantGrain(
    ITenantStore store,
    ITenantLimitStore limitStore,
    ITenantUsageStore usageStore,
    IDeviceStore devices,
    TimeProvider clock,
    IOptions<PermitOptions> options,
    IOptions<TierOptions> tiers,
    IOptionsMonitor<RatePoolOptions> pools,
    ILogger<TenantGrain> logger) : Grain, ITenantGrain
{
    private Tenant? _tenant;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _tenant = await store.FindAsync(this.GetPrimaryKeyString(), cancellationToken);
        await LoadLimits(cancellationToken);
    }
}
