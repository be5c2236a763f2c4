using Orleans;
using Wuts.Domain.Delivery;

namespace Wuts.Domain.Pacing;

/// <summary>What a device decided of a message when it took it in, to be stored with its acceptance.</summary>
/// <param name="NotBefore">It does not leave before this; <c>null</c> for its due time.</param>
/// <param name="Hold">Why; <c>null</c> exactly when <paramref name="NotBefore"/> is.</param>
/// <param name="Contact">The recipient as a contact of the number, where that is news.</param>
[GenerateSerializer, Immutable, Alias("wuts.placement")]
public sealed record Placement(
    [property: Id(0)] DateTimeOffset? NotBefore,
    [property: Id(1)] HoldReason? Hold,
    [property: Id(2)] Contact? Contact);
