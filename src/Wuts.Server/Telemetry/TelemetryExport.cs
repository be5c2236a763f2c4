using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Wuts.Server.Telemetry;

/// <summary>
/// Collects the metrics of the process, for <c>/metrics</c> always and for a collector if one is named; and traces, only then.
/// </summary>
internal sealed class TelemetryExport(IOptions<TelemetryOptions> options, IConfiguration configuration, IMeterFactory factory) : IHostedService, IDisposable
{
    private readonly PrometheusReader _prometheus = new();
    private MeterProvider? _meters;
    private TracerProvider? _tracers;

    /// <summary>All metrics as they are now, in Prometheus' text format.</summary>
    public string Scrape() => _prometheus.Scrape();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var resource = ResourceBuilder.CreateEmpty().AddTelemetrySdk().AddAttributes(Identity()).AddEnvironmentVariableDetector();
        var meters = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter([.. ExportedMetrics.Meters])
            .AddView(instrument => IsOfThisHost(instrument.Meter) && ExportedMetrics.Contains(instrument) ? null : MetricStreamConfiguration.Drop)
            .AddReader(_prometheus.Reader);
        if (options.Value.OtlpEndpoint is { } endpoint)
        {
            meters.AddOtlpExporter(otlp => PointTo(otlp, endpoint, "v1/metrics"));
            _tracers = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .SetSampler(new EdgeSampler(options.Value.SampleRatio))
                .AddSource("Wuts", "Microsoft.AspNetCore", "Microsoft.Orleans.Application")
                .AddOtlpExporter(otlp => PointTo(otlp, endpoint, "v1/traces"))
                .Build();
        }

        _meters = meters.Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Only here, when all else has ended, the last of it is sent.
    public void Dispose()
    {
        _tracers?.Dispose();
        _meters?.Dispose();
        _prometheus.Dispose();
    }

    // A meter's scope is the factory that made it; one of the whole process has none. Another host in the process has figures of its own.
    private bool IsOfThisHost(Meter meter) => meter.Scope is null || ReferenceEquals(meter.Scope, factory);

    private Dictionary<string, object> Identity() => new()
    {
        ["service.name"] = "wuts",
        ["service.instance.id"] = configuration["Wuts:Cluster:SiloName"] ?? $"{Environment.MachineName}/{Environment.ProcessId}",
        ["wuts.role"] = configuration["Wuts:Role"] ?? new ServerOptions().Role,
    };

    // The exporter adds the path of a signal only to an address that it has read from the environment itself.
    private void PointTo(OtlpExporterOptions otlp, string endpoint, string path)
    {
        var address = new Uri(endpoint);
        if (configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] is null)
        {
            otlp.Protocol = address.Port == 4317 ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        }

        otlp.Endpoint = otlp.Protocol == OtlpExportProtocol.Grpc ? address : new Uri($"{endpoint.TrimEnd('/')}/{path}");
    }
}
