using Microsoft.Extensions.Logging;

namespace Wuts.Grains.Tenants;

internal sealed partial class TenantGrain
{
    // Ids 4000-4099.
    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Warning, "Tenant {Tenant} is on tier {Tier}, which is not configured: only its own limits count")]
        public static partial void TierUnknown(ILogger logger, string tenant, string tier);

        [LoggerMessage(4002, LogLevel.Warning, "Tenant {Tenant} could not ask the pool {Pool} and tries again")]
        public static partial void PoolFailed(ILogger logger, Exception exception, string tenant, string pool);
    }
}
