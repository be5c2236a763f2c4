namespace Wuts.Server.Telemetry;

/// <summary><c>GET /metrics</c>: what a Prometheus server scrapes.</summary>
internal static class MetricsEndpoint
{
    // The refusal has no body: the API's error boundary gives it the standard one.
    public static IResult Get(HttpContext http, MetricsAccess access, TelemetryExport metrics)
    {
        if (access.Allows(http.Request))
        {
            return Results.Text(metrics.Scrape(), PrometheusText.ContentType);
        }

        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Results.StatusCode(StatusCodes.Status401Unauthorized);
    }
}
