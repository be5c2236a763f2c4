using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Wuts.Api.Answers;
using Wuts.Domain.Compliance;
using Wuts.Domain.Sending;

namespace Wuts.Api.Consents;

/// <summary>New rules of consent.</summary>
internal sealed record ConsentPolicyRequest
{
    /// <summary>By category (authentication, utility, service, marketing): opt_out writes to all who have not opted out, opt_in only to those who have opted in. Default: opt_out.</summary>
    public ImmutableDictionary<string, string>? Modes { get; init; }

    /// <summary>Words that opt out, besides the built-in ones; case, diacritics, spaces and punctuation do not count.</summary>
    [MaxLength(100)]
    public ImmutableArray<string>? OptOutKeywords { get; init; }

    /// <summary>Words that opt in, besides the built-in ones.</summary>
    [MaxLength(100)]
    public ImmutableArray<string>? OptInKeywords { get; init; }

    /// <summary>Sent once, from the number that got it, to who opts out by keyword. Default: nothing.</summary>
    [MaxLength(TextContent.MaxLength)]
    public string? OptOutConfirmation { get; init; }

    /// <summary>Sent once, from the number that got it, to who opts in by keyword. Default: nothing.</summary>
    [MaxLength(TextContent.MaxLength)]
    public string? OptInConfirmation { get; init; }
}

/// <summary>A tenant's rules of consent.</summary>
internal sealed record ConsentPolicyResource
{
    /// <summary>By category: opt_out or opt_in.</summary>
    public required ImmutableSortedDictionary<string, string> Modes { get; init; }

    public required ImmutableArray<string> OptOutKeywords { get; init; }

    public required ImmutableArray<string> OptInKeywords { get; init; }

    public required string? OptOutConfirmation { get; init; }

    public required string? OptInConfirmation { get; init; }

    public static ConsentPolicyResource Of(ConsentPolicy policy) => new()
    {
        Modes = Enum.GetValues<Category>().ToImmutableSortedDictionary(
            StoredName.Of, category => StoredName.Of(policy.ModeOf(category)), StringComparer.Ordinal),
        OptOutKeywords = policy.OptOutKeywords,
        OptInKeywords = policy.OptInKeywords,
        OptOutConfirmation = policy.OptOutConfirmation,
        OptInConfirmation = policy.OptInConfirmation,
    };
}

internal sealed record ConsentPolicyAnswer
{
    public bool Success { get; init; } = true;

    public required ConsentPolicyResource Policy { get; init; }
}
