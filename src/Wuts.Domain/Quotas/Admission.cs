using System.Collections.Immutable;
using Orleans;

namespace Wuts.Domain.Quotas;

/// <summary>A device's question whether a message may be accepted.</summary>
/// <param name="MessageId">Asked again within two minutes, it is not counted again.</param>
/// <param name="ChatJid">Whom it is for.</param>
/// <param name="Depth">What the asking device has before it.</param>
[GenerateSerializer, Immutable, Alias("wuts.admit-request")]
public sealed record AdmitRequest(
    [property: Id(0)] string MessageId, [property: Id(1)] string ChatJid, [property: Id(2)] DepthReport Depth);

/// <summary>How many messages wait in a device, told in a way that late and lost questions cannot distort.</summary>
/// <param name="Epoch">The device's epoch: what an older activation tells does not count.</param>
/// <param name="Number">Grows with each report of an epoch, each question included: an older one that comes late does not count.</param>
/// <param name="Waiting">Messages in the device's queue.</param>
/// <param name="Open">
/// The questions that are neither answered nor given up, in ascending order. What was admitted by any other one up to
/// <paramref name="Number"/> is in the queue, or nowhere.
/// </param>
[GenerateSerializer, Immutable, Alias("wuts.depth-report")]
public sealed record DepthReport(
    [property: Id(0)] string DeviceId,
    [property: Id(1)] long Epoch,
    [property: Id(2)] long Number,
    [property: Id(4)] int Waiting,
    [property: Id(5)] ImmutableArray<long> Open);

/// <summary>The answer to an <see cref="AdmitRequest"/>.</summary>
/// <param name="Quota">How the policies stand after it.</param>
[GenerateSerializer, Immutable, Alias("wuts.admission")]
public abstract record Admission([property: Id(0)] QuotaSnapshot Quota)
{
    /// <summary>It may be accepted.</summary>
    /// <param name="Charged">Whether it was counted for this question, and is to be given back if nothing is accepted; else an earlier one was.</param>
    [GenerateSerializer, Immutable, Alias("wuts.admission.granted")]
    public sealed record Granted(QuotaSnapshot Quota, [property: Id(0)] bool Charged) : Admission(Quota)
    {
        /// <summary>The time that counts as that of its acceptance, where it was counted before; else it is <see cref="QuotaSnapshot.At"/>.</summary>
        [Id(2)] public DateTimeOffset? CountedAt { get; init; }

        /// <summary>The tenant's epoch in which it must be accepted; <c>null</c> where nothing is counted.</summary>
        [Id(1)] public long? Epoch { get; init; }
    }

    /// <summary>It may not, and nothing was counted.</summary>
    /// <param name="Violated">The policies that have too little left; the one that takes longest first.</param>
    /// <param name="RetryAfter">When there will be enough again, if nobody else takes it.</param>
    /// <param name="Tell">Of these, those that the tenant's endpoint has not heard of for a minute.</param>
    [GenerateSerializer, Immutable, Alias("wuts.admission.refused")]
    public sealed record Refused(
        QuotaSnapshot Quota,
        [property: Id(0)] ImmutableArray<string> Violated,
        [property: Id(1)] TimeSpan RetryAfter,
        [property: Id(2)] ImmutableArray<string> Tell) : Admission(Quota);
}

/// <summary>What a device must know of its tenant to accept a message.</summary>
/// <param name="CountsSends">Whether each send must be admitted by the tenant.</param>
/// <param name="CountsDepth">Whether the tenant wants to hear how many messages wait.</param>
/// <param name="Weight">The tenant's share, in proportion to the weights of the others.</param>
[GenerateSerializer, Immutable, Alias("wuts.tenant-terms")]
public sealed record TenantTerms([property: Id(0)] bool CountsSends, [property: Id(1)] bool CountsDepth, [property: Id(2)] int Weight)
{
    public static TenantTerms Unlimited { get; } = new(false, false, TenantLimits.DefaultWeight);

    public static TenantTerms Of(TenantLimits limits) =>
        new(limits.CountsSends, limits.QueueDepth is not null, limits.Weight ?? TenantLimits.DefaultWeight);
}
