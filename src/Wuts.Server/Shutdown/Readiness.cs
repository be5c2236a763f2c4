using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Wuts.Server.Shutdown;

/// <summary>Whether this process wants to be sent requests: not once it has been told to stop.</summary>
internal sealed class Readiness : IHealthCheck
{
    private bool _stopping;

    public bool IsStopping => Volatile.Read(ref _stopping);

    /// <summary>Returns <c>false</c> when it was told before.</summary>
    public bool BeginStopping() => !Interlocked.Exchange(ref _stopping, true);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(IsStopping ? HealthCheckResult.Unhealthy() : HealthCheckResult.Healthy());
}
