using Orleans;

namespace Wuts.Domain.Devices;

/// <summary>Names a device: its tenant first, so that no key can be built without one.</summary>
[GenerateSerializer, Immutable, Alias("wuts.device-key")]
public sealed record DeviceKey([property: Id(0)] string TenantId, [property: Id(1)] string DeviceId)
{
    /// <summary>The grain key, <c>{tenant}/{device}</c>.</summary>
    public override string ToString() => $"{TenantId}/{DeviceId}";

    public static DeviceKey Parse(string grainKey)
    {
        var slash = grainKey.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < grainKey.Length - 1
            ? new(grainKey[..slash], grainKey[(slash + 1)..])
            : throw new FormatException($"'{grainKey}' is not a key of the form tenant/device.");
    }
}

/// <summary>A tenant's device as it is stored.</summary>
[GenerateSerializer, Immutable, Alias("wuts.device")]
public sealed record Device
{
    [Id(0)] public required string TenantId { get; init; }

    [Id(1)] public required string Id { get; init; }

    /// <summary>Whose device it is.</summary>
    [Id(2)] public required string UserId { get; init; }

    [Id(3)] public required string Name { get; init; }

    /// <summary>The way to WhatsApp: the name of a transport.</summary>
    [Id(4)] public required string Transport { get; init; }

    /// <summary>Raised by each activation of its grain; writes under an older epoch are refused.</summary>
    [Id(5)] public required long Epoch { get; init; }

    [Id(6)] public required DeviceSession Session { get; init; }

    [Id(7)] public required DateTimeOffset CreatedAt { get; init; }

    [Id(8)] public required DateTimeOffset UpdatedAt { get; init; }

    public DeviceKey Key => new(TenantId, Id);
}
