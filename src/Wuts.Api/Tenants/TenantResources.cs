using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Wuts.Api.Answers;
using Wuts.Domain.Tenants;

namespace Wuts.Api.Tenants;

/// <summary>A customer.</summary>
internal sealed record TenantResource
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public static TenantResource Of(Tenant tenant) =>
        new() { Id = tenant.Id, Name = tenant.Name, CreatedAt = tenant.CreatedAt, UpdatedAt = tenant.UpdatedAt };
}

/// <summary>A person or program of a tenant.</summary>
internal sealed record UserResource
{
    public required string Id { get; init; }

    public required string TenantId { get; init; }

    public required string Email { get; init; }

    /// <summary>user, manager or admin.</summary>
    public required string Role { get; init; }

    /// <summary>Given once, when the user is created: only a digest of it is kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }

    public required bool Active { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public static UserResource Of(User user, string? token = null) => new()
    {
        Id = user.Id,
        TenantId = user.TenantId,
        Email = user.Email,
        Role = StoredName.Of(user.Role),
        Token = token,
        Active = user.Active,
        CreatedAt = user.CreatedAt,
        UpdatedAt = user.UpdatedAt,
    };
}

internal sealed record RegisterAnswer
{
    public bool Success { get; init; } = true;

    public required UserResource User { get; init; }

    public required TenantResource Tenant { get; init; }

    /// <summary>The first user's token. Given once.</summary>
    public required string Token { get; init; }

    /// <summary>Whether a webhook waits for this user's first device.</summary>
    public required bool WebhookConfigured { get; init; }

    public required string? WebhookUrl { get; init; }

    public required string Note { get; init; }
}

internal sealed record CreateUserAnswer
{
    public bool Success { get; init; } = true;

    public required UserResource User { get; init; }

    /// <summary>Whether a webhook waits for this user's first device.</summary>
    public required bool WebhookConfigured { get; init; }

    public required string? WebhookUrl { get; init; }

    public required string Note { get; init; }
}

internal sealed record TenantsAnswer
{
    public bool Success { get; init; } = true;

    public required ImmutableArray<TenantResource> Tenants { get; init; }
}

internal sealed record UsersAnswer
{
    public bool Success { get; init; } = true;

    public required ImmutableArray<UserResource> Users { get; init; }
}
