using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;

namespace Wuts.Domain.Compliance;

/// <summary>Whom a tenant may write to. The names are shown (snake_case).</summary>
public enum ConsentMode
{
    /// <summary>Everybody who has not opted out.</summary>
    OptOut,

    /// <summary>Those who have opted in, and nobody else.</summary>
    OptIn,
}

/// <summary>A tenant's rules of consent.</summary>
public sealed record ConsentPolicy
{
    public const string OptedOutCode = "RECIPIENT_OPTED_OUT";
    public const string NotOptedInCode = "RECIPIENT_NOT_OPTED_IN";

    private static readonly Failure OptedOut = new(
        OptedOutCode, FailureClass.Consent, Retryable: false, "The recipient has asked not to be written to.");

    private static readonly Failure NotOptedIn = new(
        NotOptedInCode, FailureClass.Consent, Retryable: false, "The recipient has not agreed to messages of this kind.");

    /// <summary>Of a tenant that never said anything: everybody who has not opted out, and no confirmations.</summary>
    public static ConsentPolicy Default { get; } = new();

    /// <summary>The categories that need an opt-in.</summary>
    public ImmutableHashSet<Category> OptInCategories { get; init; } = [];

    /// <summary>Words that opt out, besides those for all tenants.</summary>
    public ImmutableArray<string> OptOutKeywords { get; init; } = [];

    /// <summary>Words that opt in, besides those for all tenants.</summary>
    public ImmutableArray<string> OptInKeywords { get; init; } = [];

    /// <summary>What to answer to a keyword that opts out; <c>null</c> for nothing.</summary>
    public string? OptOutConfirmation { get; init; }

    /// <summary>What to answer to a keyword that opts in; <c>null</c> for nothing.</summary>
    public string? OptInConfirmation { get; init; }

    public ConsentMode ModeOf(Category category) => OptInCategories.Contains(category) ? ConsentMode.OptIn : ConsentMode.OptOut;

    /// <summary>The text that confirms a change by keyword; <c>null</c> for none.</summary>
    public string? ConfirmationOf(ConsentState state) => state == ConsentState.OptedOut ? OptOutConfirmation : OptInConfirmation;

    /// <summary>Why a message may not go to a chat; <c>null</c> when it may.</summary>
    /// <param name="consent">The chat's consent, if there is one.</param>
    /// <remarks>The databases apply the same rule to every acceptance and claim: change it there too.</remarks>
    public Failure? Refuse(string chatJid, Category category, Consent? consent) =>
        !Consent.Concerns(chatJid) ? null
        : consent?.State switch
        {
            ConsentState.OptedIn => null,
            ConsentState.OptedOut => OptedOut,
            _ => ModeOf(category) == ConsentMode.OptIn ? NotOptedIn : null,
        };
}
