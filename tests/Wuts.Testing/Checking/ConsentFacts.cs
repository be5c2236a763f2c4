using Wuts.Domain.Sending;

namespace Wuts.Testing.Checking;

/// <summary>Something that the store committed.</summary>
/// <param name="At">When it was committed at the latest.</param>
/// <param name="Place">
/// Its place in the order of commits: what has a smaller one was committed before. What one transaction commits has one place.
/// <c>null</c> where only times are known.
/// </param>
public abstract record Commit(DateTimeOffset At, long? Place)
{
    /// <summary>When it was asked for, before which it was not committed; <c>null</c> for <see cref="At"/>.</summary>
    public DateTimeOffset? AskedAt { get; init; }
}

/// <summary>What a recipient is known to want of a tenant.</summary>
public enum ConsentMark
{
    /// <summary>Nothing is known, or nothing any more.</summary>
    None,

    OptedIn,

    OptedOut,
}

/// <summary>A recipient said something, or a tenant said it for it.</summary>
public sealed record ConsentChange(DateTimeOffset At, string TenantId, string Chat, ConsentMark Mark, long? Place = null) : Commit(At, Place);

/// <summary>A recipient, or a tenant for it, said what it wants. Of two such words the one that was said later counts.</summary>
/// <param name="AcknowledgedAt">When whoever said it was told that we have it: by then it holds. <c>null</c> if that never was.</param>
public sealed record ConsentWord(DateTimeOffset SaidAt, DateTimeOffset? AcknowledgedAt, string TenantId, string Chat, ConsentMark Mark);

/// <summary>From here on a tenant's messages of a category need an opt-in, or do not.</summary>
public sealed record ConsentRule(DateTimeOffset At, string TenantId, Category Category, bool NeedsOptIn, long? Place = null) : Commit(At, Place);

/// <summary>A message was claimed, to be handed over.</summary>
/// <param name="Attempt">Which attempt it is, from 1.</param>
public sealed record Claim(
    DateTimeOffset At, string TenantId, string Chat, string MessageId, Category Category, int Attempt, long? Place = null) : Commit(At, Place);

/// <summary>A message ended because its recipient does not want it.</summary>
public sealed record ConsentRefusal(
    DateTimeOffset At, string TenantId, string Chat, string MessageId, Category Category, long? Place = null) : Commit(At, Place);
