using System.Text.Json.Serialization;
using Wuts.Domain.Quotas;
using Wuts.Grains.Tenants;

namespace Wuts.Api.Quotas;

/// <summary>Where a limit comes from.</summary>
[JsonConverter(typeof(Answers.StoredNameConverter<LimitSource>))]
internal enum LimitSource
{
    /// <summary>Nobody set one: there is no limit.</summary>
    None,

    /// <summary>Nobody set one, and it follows from the others.</summary>
    Default,

    /// <summary>The tenant's tier.</summary>
    Tier,

    /// <summary>Set for this tenant.</summary>
    Tenant,
}

/// <summary>A limit that counts.</summary>
/// <param name="Value">Null where there is no limit.</param>
/// <param name="Source">none, default, tier or tenant.</param>
internal sealed record LimitResource<T>(T? Value, LimitSource Source)
    where T : struct;

/// <summary>The limits that count, each with where it comes from.</summary>
internal sealed record LimitsResource
{
    public required string TenantId { get; init; }

    /// <summary>Null without one.</summary>
    public required string? Tier { get; init; }

    public required LimitResource<decimal> MessagesPerSecond { get; init; }

    public required LimitResource<int> Burst { get; init; }

    public required LimitResource<int> MessagesPerDay { get; init; }

    public required LimitResource<int> QueueDepth { get; init; }

    public required LimitResource<int> Devices { get; init; }

    public required LimitResource<int> NewRecipientsPerDay { get; init; }

    public required LimitResource<int> Weight { get; init; }

    public static LimitsResource Of(string tenantId, LimitsSnapshot limits)
    {
        return new()
        {
            TenantId = tenantId,
            Tier = limits.Settings.Tier,
            MessagesPerSecond = One(limit => limit.MessagesPerSecond),
            Burst = One(limit => limit.Burst, limits.Effective.Rate?.Quota),
            MessagesPerDay = One(limit => limit.MessagesPerDay),
            QueueDepth = One(limit => limit.QueueDepth),
            Devices = One(limit => limit.Devices),
            NewRecipientsPerDay = One(limit => limit.NewRecipientsPerDay),
            Weight = One(limit => limit.Weight, TenantLimits.DefaultWeight),
        };

        LimitResource<T> One<T>(Func<TenantLimits, T?> field, T? otherwise = null)
            where T : struct =>
            field(limits.Settings.Overrides) is { } own ? new(own, LimitSource.Tenant)
            : field(limits.Tier) is { } common ? new(common, LimitSource.Tier)
            : new(otherwise, otherwise is null ? LimitSource.None : LimitSource.Default);
    }
}

internal sealed record LimitsAnswerBody
{
    public bool Success { get; init; } = true;

    public required LimitsResource Limits { get; init; }
}
