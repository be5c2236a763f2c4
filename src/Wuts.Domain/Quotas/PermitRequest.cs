using Orleans;

namespace Wuts.Domain.Quotas;

/// <summary>What a device asks its tenant for.</summary>
/// <param name="Wanted">Permits it can use within a round; 0 to give back only.</param>
/// <param name="Unused">Permits of its last block that nobody used and that it will not use any more. Told once: a repetition counts again.</param>
[GenerateSerializer, Immutable, Alias("wuts.permit-request")]
public sealed record PermitRequest([property: Id(0)] string DeviceId, [property: Id(1)] int Wanted, [property: Id(2)] int Unused = 0)
{
    /// <summary>The mark of the grant whose permits were not used.</summary>
    [Id(4)] public long UnusedMark { get; init; }
}
