using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Wuts.Api.Health;

internal sealed record HealthAnswer
{
    public bool Success { get; init; } = true;

    /// <summary>live or ready.</summary>
    public required string Status { get; init; }

    /// <summary>What was looked at.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedDictionary<string, string>? Checks { get; init; }
}
