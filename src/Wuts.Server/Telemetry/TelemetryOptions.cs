using System.ComponentModel.DataAnnotations;

namespace Wuts.Server.Telemetry;

/// <summary>Where figures and traces go. Section <c>Wuts:Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Wuts:Telemetry";

    /// <summary>
    /// The OpenTelemetry collector that traces and metrics are sent to, such as <c>http://127.0.0.1:4318</c>. With port 4317 gRPC is
    /// spoken, else HTTP with protobuf, unless <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> says otherwise. Default: the variable
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>; without either nothing is sent and nothing is traced.
    /// </summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary>
    /// Which share of requests is traced, 0 to 1. It is decided by the trace id, so that all processes decide alike, and clients cannot
    /// raise it. One traced message makes about twenty spans. Default: 1, because nobody is asked to trace who has not named a collector.
    /// </summary>
    [Range(0d, 1d, ErrorMessage = $"{Section}:{nameof(SampleRatio)} must be between 0 and 1.")]
    public double SampleRatio { get; set; } = 1;

    /// <summary>A token that opens <c>GET /metrics</c> and nothing else, at least 16 characters. Default: none; the master token always opens it.</summary>
    [MinLength(16, ErrorMessage = $"{Section}:{nameof(MetricsToken)} must have at least 16 characters.")]
    public string? MetricsToken { get; set; }
}
