using Microsoft.Extensions.Options;

namespace Wuts.Server.Telemetry;

/// <summary>The entry to this folder, the same for each role.</summary>
internal static class TelemetryRegistration
{
    /// <summary>
    /// Adds metrics, traces and what logs need to be found by them. Call it before anything that starts with the host, so that it is
    /// there before the first figure and after the last.
    /// </summary>
    public static WebApplicationBuilder AddWutsTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<TelemetryOptions>()
            .BindConfiguration(TelemetryOptions.Section)
            .Configure(options => options.OtlpEndpoint ??= builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])
            .ValidateDataAnnotations()
            .Validate(
                options => options.OtlpEndpoint is null || (Uri.TryCreate(options.OtlpEndpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"),
                $"{TelemetryOptions.Section}:{nameof(TelemetryOptions.OtlpEndpoint)} must be an address such as http://127.0.0.1:4318.")
            .ValidateOnStart();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<TelemetryExport>();
        builder.Services.AddHostedService(services => services.GetRequiredService<TelemetryExport>());
        builder.Services.AddSingleton<MetricsAccess>();
        builder.Services.AddSingleton<IStartupFilter, RequestSpans>();

        // A line of the log names the trace it belongs to.
        builder.Logging.Configure(logging => logging.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        UseScopesInJson(builder.Configuration);
        return builder;
    }

    /// <summary>Adds <c>GET /metrics</c>. Call it after the API, whose error envelope it uses.</summary>
    public static WebApplication MapMetrics(this WebApplication app)
    {
        app.MapGet("/metrics", MetricsEndpoint.Get);
        return app;
    }

    /// <summary>Adds the gauges of what is stored, for a process that has storage. Call it after the storage, which must be up to date when they are first read.</summary>
    public static IServiceCollection AddBacklogGauges(this IServiceCollection services) =>
        services.AddHostedService<BacklogGauges>();

    // The trace stands in the scopes, which the JSON formatter leaves out unless told. The pattern of the plain lines ends with a space.
    private static void UseScopesInJson(ConfigurationManager configuration)
    {
        if (string.Equals(configuration["Logging:Console:FormatterName"], "json", StringComparison.OrdinalIgnoreCase))
        {
            const string Options = "Logging:Console:FormatterOptions";
            configuration[$"{Options}:IncludeScopes"] ??= "true";
            configuration[$"{Options}:TimestampFormat"] = configuration[$"{Options}:TimestampFormat"]?.TrimEnd();
        }
    }
}
