using System.Collections.Immutable;
using Orleans;

namespace Wuts.Domain.Quotas;

/// <summary>The names of the policies, as headers, refusals, events and metrics have them.</summary>
public static class QuotaPolicies
{
    /// <summary>Messages a second, in a sliding window.</summary>
    public const string Rate = "rate";

    /// <summary>Messages a calendar day in UTC.</summary>
    public const string Daily = "daily";

    /// <summary>Recipients a calendar day in UTC that were never written to before.</summary>
    public const string NewRecipients = "new-recipients";

    /// <summary>Messages that wait, in all devices together.</summary>
    public const string QueueDepth = "queue-depth";

    /// <summary>Devices. Asked when one is created, never by a send.</summary>
    public const string Devices = "devices";
}

/// <summary>How a policy stands.</summary>
/// <param name="Name">One of <see cref="QuotaPolicies"/>.</param>
/// <param name="Quota">How much it gives.</param>
/// <param name="Window">For how long; <c>null</c> where what is given counts until it is given back.</param>
/// <param name="Remaining">How much is left; never below zero.</param>
/// <param name="ResetsAt">When there will be more; <c>null</c> when all of it is there, or nobody can say.</param>
[GenerateSerializer, Immutable, Alias("wuts.policy-state")]
public sealed record PolicyState(
    [property: Id(0)] string Name,
    [property: Id(1)] long Quota,
    [property: Id(2)] TimeSpan? Window,
    [property: Id(3)] long Remaining,
    [property: Id(4)] DateTimeOffset? ResetsAt);

/// <summary>How a tenant's policies stood at one moment, in the order in which they are told.</summary>
[GenerateSerializer, Immutable, Alias("wuts.quota-snapshot")]
public sealed record QuotaSnapshot([property: Id(0)] DateTimeOffset At, [property: Id(1)] ImmutableArray<PolicyState> Policies);
