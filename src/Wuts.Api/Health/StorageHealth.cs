using Microsoft.Extensions.Diagnostics.HealthChecks;
using Wuts.Storage;

namespace Wuts.Api.Health;

/// <summary>Whether the database answers.</summary>
internal sealed class StorageHealth(IStorageInitializer storage) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await storage.IsHealthyAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
}
