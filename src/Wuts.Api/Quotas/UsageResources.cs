using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Wuts.Api.Answers;
using Wuts.Domain.Quotas;
using Wuts.Grains.Tenants;

namespace Wuts.Api.Quotas;

/// <summary>How a policy stands.</summary>
/// <param name="Name">rate, daily, new-recipients, queue-depth or devices.</param>
/// <param name="Quota">How much it gives.</param>
/// <param name="WindowSeconds">For how long; null where what is given counts until it is given back.</param>
/// <param name="Used">How much of it is used.</param>
/// <param name="Remaining">How much is left.</param>
/// <param name="ResetsAt">When there will be more; null when all of it is there, or nobody can say.</param>
internal sealed record PolicyResource(
    string Name,
    long Quota,
    long? WindowSeconds,
    long Used,
    long Remaining,
    [property: JsonConverter(typeof(MillisecondsConverter))] DateTimeOffset? ResetsAt)
{
    public static PolicyResource Of(PolicyState state) => new(
        state.Name, state.Quota, (long?)state.Window?.TotalSeconds, state.Quota - state.Remaining, state.Remaining, state.ResetsAt);
}

/// <summary>What the tenant has used. Days are calendar days in UTC.</summary>
internal sealed record UsageAnswer
{
    public bool Success { get; init; } = true;

    [JsonConverter(typeof(MillisecondsConverter))]
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Messages accepted today.</summary>
    public required long MessagesToday { get; init; }

    /// <summary>Messages that wait in all devices.</summary>
    public required long QueueDepth { get; init; }

    public required int Devices { get; init; }

    /// <summary>Recipients whose first message of this tenant was accepted today.</summary>
    public required int NewRecipientsToday { get; init; }

    /// <summary>The policies that limit the tenant; empty without limits.</summary>
    public required ImmutableArray<PolicyResource> Policies { get; init; }

    public static UsageAnswer Of(UsageSnapshot usage) => new()
    {
        Timestamp = usage.At,
        MessagesToday = usage.MessagesToday,
        QueueDepth = usage.Waiting,
        Devices = usage.Devices,
        NewRecipientsToday = usage.NewRecipientsToday,
        Policies = [.. usage.Policies.Select(PolicyResource.Of)],
    };
}
