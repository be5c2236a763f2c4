using System.Collections.Immutable;
using Orleans;

namespace Wuts.Domain.Webhooks;

/// <summary>Where a tenant wants one device's events. One endpoint a device, as the contract has it.</summary>
[GenerateSerializer, Immutable, Alias("wuts.webhook-endpoint")]
public sealed record WebhookEndpoint
{
    public const int DefaultTimeoutSeconds = 30;
    public const int MaxTimeoutSeconds = 30;
    public const int MaxRetries = 20;

    /// <summary><c>wh_</c> and 32 hexadecimal digits.</summary>
    [Id(0)] public required string Id { get; init; }

    [Id(1)] public required string TenantId { get; init; }

    [Id(2)] public required string DeviceId { get; init; }

    /// <summary>Whose token configured it; stands in the envelope as <c>user_id</c>.</summary>
    [Id(3)] public required string UserId { get; init; }

    [Id(4)] public required Uri Url { get; init; }

    [Id(5)] public required ImmutableArray<string> Events { get; init; }

    [Id(6)] public required bool Enabled { get; init; }

    /// <summary>Retries after the first attempt; <c>null</c> for the whole standard schedule.</summary>
    [Id(7)] public int? Retries { get; init; }

    /// <summary>How long one attempt may take.</summary>
    [Id(8)] public required TimeSpan Timeout { get; init; }

    /// <summary>The secret as it is stored: encrypted. <c>null</c> for an endpoint without signatures.</summary>
    [Id(9)] public string? ProtectedSecret { get; init; }

    /// <summary>Sent with each delivery. Never <c>Host</c>, nor those of the connection or of the signature.</summary>
    [Id(10)] public required ImmutableDictionary<string, string> Headers { get; init; }

    [Id(11)] public required DateTimeOffset CreatedAt { get; init; }

    [Id(12)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Why we disabled it, or <c>null</c>.</summary>
    [Id(13)] public string? DisabledReason { get; init; }
}
