using System.Numerics;
using Orleans;

namespace Wuts.Domain.Quotas;

/// <summary>What a tenant may use. What is <c>null</c> is not limited, which is the default of everything.</summary>
[GenerateSerializer, Immutable, Alias("wuts.tenant-limits")]
public sealed record TenantLimits
{
    public const int DefaultWeight = 1;

    /// <summary>No limit at all.</summary>
    public static TenantLimits None { get; } = new();

    /// <summary>Messages a second on average, in thousandths: 0.001 to 10,000.</summary>
    [Id(0)] public decimal? MessagesPerSecond { get; init; }

    /// <summary>
    /// How many messages may come at once: the quota of the sliding window, which lasts <c>Burst / MessagesPerSecond</c> seconds. 1 to
    /// 100,000. Without it, the smallest number from one second's worth on whose window is whole seconds.
    /// </summary>
    [Id(1)] public int? Burst { get; init; }

    /// <summary>Messages a calendar day in UTC: 1 to 1,000,000,000.</summary>
    [Id(2)] public int? MessagesPerDay { get; init; }

    /// <summary>Messages that wait in the queues of all devices together: 1 to 10,000,000.</summary>
    [Id(3)] public int? QueueDepth { get; init; }

    /// <summary>Devices: 1 to 100,000.</summary>
    [Id(4)] public int? Devices { get; init; }

    /// <summary>Recipients a calendar day in UTC that the tenant never wrote to before: 1 to 1,000,000.</summary>
    [Id(5)] public int? NewRecipientsPerDay { get; init; }

    /// <summary>The share of what tenants share, in proportion to the weights of the others: 1 to 1,000; 1 by default.</summary>
    [Id(6)] public int? Weight { get; init; }

    /// <summary>The sliding window that <see cref="MessagesPerSecond"/> and <see cref="Burst"/> make; <c>null</c> without a rate.</summary>
    public RateWindow? Rate => MessagesPerSecond is { } rate ? RateWindow.Of(rate, Burst) : null;

    /// <summary>Whether a send must be admitted: some limit counts it.</summary>
    public bool CountsSends => MessagesPerSecond is not null || MessagesPerDay is not null || QueueDepth is not null || NewRecipientsPerDay is not null;

    /// <summary>These limits where they say something, and those of <paramref name="tier"/> elsewhere.</summary>
    public TenantLimits Over(TenantLimits tier) => new()
    {
        MessagesPerSecond = MessagesPerSecond ?? tier.MessagesPerSecond,
        Burst = Burst ?? tier.Burst,
        MessagesPerDay = MessagesPerDay ?? tier.MessagesPerDay,
        QueueDepth = QueueDepth ?? tier.QueueDepth,
        Devices = Devices ?? tier.Devices,
        NewRecipientsPerDay = NewRecipientsPerDay ?? tier.NewRecipientsPerDay,
        Weight = Weight ?? tier.Weight,
    };
}

/// <summary>At most <paramref name="Quota"/> messages in any <paramref name="Seconds"/> seconds.</summary>
public sealed record RateWindow(int Quota, int Seconds)
{
    private const int Thousandths = 1000;

    public TimeSpan Length => TimeSpan.FromSeconds(Seconds);

    /// <summary>
    /// The window of a rate. Headers know whole seconds only (draft-ietf-httpapi-ratelimit-headers): a burst that does not make them, as
    /// may come of a tier that was changed under an override, gets the next longer window, which is never more than the rate.
    /// </summary>
    public static RateWindow Of(decimal perSecond, int? burst)
    {
        var quota = burst ?? SmallestBurst(perSecond);
        return new(quota, (int)Math.Ceiling(quota / perSecond));
    }

    /// <summary>The smallest burst whose window is whole seconds: every other one is a multiple of it.</summary>
    public static int SmallestBurst(decimal perSecond)
    {
        var thousandths = (int)(perSecond * Thousandths);
        return thousandths / (int)BigInteger.GreatestCommonDivisor(thousandths, Thousandths);
    }
}
