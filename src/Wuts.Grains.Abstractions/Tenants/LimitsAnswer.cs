using System.Collections.Immutable;
using Orleans;
using Wuts.Domain.Quotas;

namespace Wuts.Grains.Tenants;

/// <summary>What a tenant may use.</summary>
/// <param name="Settings">What was set for it.</param>
/// <param name="Tier">The limits of its tier; none without one, or when the tier is not configured any more.</param>
[GenerateSerializer, Immutable, Alias("wuts.limits-snapshot")]
public sealed record LimitsSnapshot([property: Id(0)] LimitSettings Settings, [property: Id(1)] TenantLimits Tier)
{
    /// <summary>What counts.</summary>
    public TenantLimits Effective => Settings.Overrides.Over(Tier);
}

/// <summary>What became of a change of limits.</summary>
[GenerateSerializer, Immutable, Alias("wuts.limits-answer")]
public abstract record LimitsAnswer
{
    private LimitsAnswer()
    {
    }

    [GenerateSerializer, Immutable, Alias("wuts.limits-answer.done")]
    public sealed record Done([property: Id(0)] LimitsSnapshot Limits) : LimitsAnswer;

    [GenerateSerializer, Immutable, Alias("wuts.limits-answer.no-such-tenant")]
    public sealed record NoSuchTenant : LimitsAnswer;

    /// <param name="Tiers">Those that are configured.</param>
    [GenerateSerializer, Immutable, Alias("wuts.limits-answer.no-such-tier")]
    public sealed record NoSuchTier([property: Id(0)] ImmutableArray<string> Tiers) : LimitsAnswer;

    /// <summary>Nothing was stored: together with those of the tier the limits cannot be kept.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.limits-answer.invalid")]
    public sealed record Invalid([property: Id(0)] ImmutableArray<LimitError> Errors) : LimitsAnswer;
}

/// <summary>What a tenant has used. Days are calendar days in UTC.</summary>
/// <param name="MessagesToday">Messages accepted today.</param>
/// <param name="Waiting">Messages that wait in all devices.</param>
/// <param name="NewRecipientsToday">Recipients whose first message was accepted today.</param>
/// <param name="Policies">How the policies stand; empty for a tenant without limits.</param>
[GenerateSerializer, Immutable, Alias("wuts.usage-snapshot")]
public sealed record UsageSnapshot(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] long MessagesToday,
    [property: Id(2)] long Waiting,
    [property: Id(3)] int Devices,
    [property: Id(4)] int NewRecipientsToday,
    [property: Id(5)] ImmutableArray<PolicyState> Policies);
