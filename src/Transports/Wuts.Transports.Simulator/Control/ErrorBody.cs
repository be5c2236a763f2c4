using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Wuts.Transports.Simulator.Log;

namespace Wuts.Transports.Simulator.Control;

/// <summary>The product's error envelope.</summary>
/// <param name="Error">A sentence for people.</param>
/// <param name="ErrorCode">For programs.</param>
/// <param name="Validation">What is wrong with the request, field by field; empty for other errors.</param>
internal sealed record ErrorBody(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_code")] string ErrorCode,
    [property: JsonPropertyName("timestamp"), JsonConverter(typeof(UtcTimeConverter))] DateTimeOffset Timestamp,
    [property: JsonPropertyName("validation")] ImmutableArray<FieldError> Validation)
{
    [JsonPropertyName("success"), JsonPropertyOrder(-1)]
    public bool Success { get; }
}

/// <summary>A field that is wrong.</summary>
/// <param name="Value">What was sent.</param>
internal sealed record FieldError(
    [property: JsonPropertyName("field")] string Field,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("value")] object? Value);
