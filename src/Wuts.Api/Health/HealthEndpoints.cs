using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Wuts.Api.Answers;
using Wuts.Api.Authentication;
using Wuts.Api.Errors;
using Wuts.Api.OpenApi;

namespace Wuts.Api.Health;

/// <summary>What orchestrators ask. Every <see cref="IHealthCheck"/> of the process takes part in readiness.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Answer.Ok(new HealthAnswer { Status = "live" }, ApiJson.Wire.HealthAnswer))
            .Documented(Access.Anyone, "live", "Health", "Is the process alive", "Restart the process when this does not answer.")
            .Answers<HealthAnswer>(StatusCodes.Status200OK, "It is.");
        routes.MapGet("/health/ready", Ready)
            .Documented(Access.Anyone, "ready", "Health", "Can the process serve requests", "Send it no requests while this does not answer 200.")
            .Answers<HealthAnswer>(StatusCodes.Status200OK, "It can.");
    }

    private static async Task<IResult> Ready(HttpContext http, HealthCheckService health)
    {
        var report = await health.CheckHealthAsync(http.RequestAborted);
        if (report.Status == HealthStatus.Healthy)
        {
            var checks = report.Entries.ToImmutableSortedDictionary(entry => entry.Key, entry => "ok", StringComparer.Ordinal);
            return Answer.Ok(new HealthAnswer { Status = "ready", Checks = checks }, ApiJson.Wire.HealthAnswer);
        }

        var failed = report.Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy).Select(entry => entry.Key).Order(StringComparer.Ordinal);
        return new ApiError(ErrorCodes.ServiceUnavailable, $"Not ready: {string.Join(", ", failed)}.");
    }
}
