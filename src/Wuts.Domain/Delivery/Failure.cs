using Orleans;

namespace Wuts.Domain.Delivery;

/// <summary>What a failure is about, and so who can mend it.</summary>
public enum FailureClass
{
    Template,
    Consent,
    Quality,
    Account,
    Session,
    Recipient,
    Content,
    Transient,
    Policy,
}

/// <summary>Why a message did not go, or did not arrive.</summary>
/// <param name="Code">The provider's code where it gave one, else ours; stable, for programs.</param>
/// <param name="Class">What it is about.</param>
/// <param name="Retryable">Whether the same message may succeed later without anybody changing anything.</param>
/// <param name="Explanation">A sentence that support may show to a customer.</param>
[GenerateSerializer, Immutable, Alias("wuts.failure")]
public sealed record Failure(
    [property: Id(0)] string Code,
    [property: Id(1)] FailureClass Class,
    [property: Id(2)] bool Retryable,
    [property: Id(3)] string Explanation);
