using System.ComponentModel.DataAnnotations;
using Wuts.Domain.Compliance;

namespace Wuts.Grains.Compliance;

/// <summary>Words by which recipients of all tenants opt out and in, besides the built-in ones (<see cref="ConsentKeywords"/>). Section <c>Wuts:Consent</c>.</summary>
public sealed class ConsentOptions : IValidatableObject
{
    public const string Section = "Wuts:Consent";

    /// <summary>Messages that opt out, each of 1 to 40 letters and digits; case, diacritics, spaces and punctuation do not count. Default: none.</summary>
    public string[] OptOutKeywords { get; set; } = [];

    /// <summary>Messages that opt in, as above. Default: none.</summary>
    public string[] OptInKeywords { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        [.. Faults(nameof(OptOutKeywords), OptOutKeywords), .. Faults(nameof(OptInKeywords), OptInKeywords)];

    private static IEnumerable<ValidationResult> Faults(string name, string[] keywords) => keywords
        .Select((keyword, i) => (keyword, i))
        .Where(item => ConsentKeywords.Normalize(item.keyword).Length == 0)
        .Select(item => new ValidationResult(
            $"{Section}:{name}:{item.i} must have 1 to {ConsentKeywords.MaxLength} letters or digits.", [name]));
}
