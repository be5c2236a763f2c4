using System.Text.Json;
using System.Text.Json.Serialization;

namespace Wuts.Transports.Simulator.Log;

/// <summary>Names of another project's enumeration in snake_case, as everywhere in the product.</summary>
internal sealed class SnakeCaseConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower)
    where T : struct, Enum;
