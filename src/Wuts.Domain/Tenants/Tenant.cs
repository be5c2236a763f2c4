using Orleans;

namespace Wuts.Domain.Tenants;

/// <summary>A customer. Everything below it is seen by it alone.</summary>
[GenerateSerializer, Immutable, Alias("wuts.tenant")]
public sealed record Tenant(
    [property: Id(0)] string Id,
    [property: Id(1)] string Name,
    [property: Id(2)] DateTimeOffset CreatedAt,
    [property: Id(3)] DateTimeOffset UpdatedAt);

/// <summary>What a user may do. Stored and shown in lower case.</summary>
public enum Role
{
    /// <summary>Own devices and own messages.</summary>
    User,

    /// <summary>All devices of the tenant.</summary>
    Manager,

    /// <summary>Everything in the tenant, users included.</summary>
    Admin,
}

/// <summary>A person or program of a tenant. Its token is kept only as a digest.</summary>
[GenerateSerializer, Immutable, Alias("wuts.user")]
public sealed record User
{
    [Id(0)] public required string TenantId { get; init; }

    [Id(1)] public required string Id { get; init; }

    [Id(2)] public required string Email { get; init; }

    [Id(3)] public required Role Role { get; init; }

    [Id(4)] public required bool Active { get; init; }

    /// <summary>SHA-256 of the token, lower-case hexadecimal: see <see cref="AccessToken"/>.</summary>
    [Id(5)] public required string TokenHash { get; init; }

    /// <summary>A webhook to configure, with all events, on the next device this user creates.</summary>
    [Id(6)] public Uri? PendingWebhookUrl { get; init; }

    [Id(7)] public required DateTimeOffset CreatedAt { get; init; }

    [Id(8)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether this user may use a device that belongs to <paramref name="ownerId"/> in its own tenant.</summary>
    public bool MayUseDeviceOf(string ownerId) => Role != Role.User || ownerId == Id;
}
