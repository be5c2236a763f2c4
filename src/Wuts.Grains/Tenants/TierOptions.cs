using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Wuts.Domain.Quotas;

namespace Wuts.Grains.Tenants;

/// <summary>
/// Named sets of limits that tenants can be put on. Section <c>Wuts:Tiers</c>, with a section for each name (1 to 50 letters, digits, - and
/// _): <c>Wuts:Tiers:gold:MessagesPerSecond</c>, and so on with the names and ranges of <see cref="TenantLimits"/>. What a tier leaves out it
/// does not limit. Default: no tiers. In a cluster the silos need them, all the same ones.
/// </summary>
public sealed class TierOptions
{
    public const string Section = "Wuts:Tiers";

    /// <summary>The limits by the tier's name, whose case does not matter.</summary>
    public ImmutableSortedDictionary<string, TenantLimits> Tiers { get; set; } =
        ImmutableSortedDictionary.Create<string, TenantLimits>(StringComparer.OrdinalIgnoreCase);
}

/// <summary>Reads the tiers value by value, so that each fault is told with its key.</summary>
internal sealed partial class TierReader(IConfiguration configuration) : IConfigureOptions<TierOptions>, IValidateOptions<TierOptions>
{
    private static readonly ImmutableArray<string> Keys =
    [
        nameof(TenantLimits.MessagesPerSecond), nameof(TenantLimits.Burst), nameof(TenantLimits.MessagesPerDay), nameof(TenantLimits.QueueDepth),
        nameof(TenantLimits.Devices), nameof(TenantLimits.NewRecipientsPerDay), nameof(TenantLimits.Weight),
    ];

    public void Configure(TierOptions options) => options.Tiers = options.Tiers.SetItems(
        configuration.GetSection(TierOptions.Section).GetChildren().Select(tier => KeyValuePair.Create(tier.Key, Read(tier, []))));

    public ValidateOptionsResult Validate(string? name, TierOptions options)
    {
        var faults = new List<string>();
        foreach (var tier in configuration.GetSection(TierOptions.Section).GetChildren())
        {
            if (!TierName().IsMatch(tier.Key))
            {
                faults.Add($"{tier.Path}: the name of a tier must be 1 to 50 letters, digits, - and _.");
            }

            faults.AddRange(tier.GetChildren()
                .Where(value => !Keys.Contains(value.Key, StringComparer.OrdinalIgnoreCase))
                .Select(value => $"{value.Path} is no limit: it must be one of {string.Join(", ", Keys)}."));
            var unread = new List<string>();
            var limits = Read(tier, unread);
            faults.AddRange(unread);
            faults.AddRange(unread.Count > 0 ? [] : LimitRules.Check(limits).Select(error => $"{tier.Path}:{error.Field} {error.Message}."));
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static TenantLimits Read(IConfigurationSection tier, List<string> faults)
    {
        return new()
        {
            MessagesPerSecond = Rate(),
            Burst = Whole(nameof(TenantLimits.Burst)),
            MessagesPerDay = Whole(nameof(TenantLimits.MessagesPerDay)),
            QueueDepth = Whole(nameof(TenantLimits.QueueDepth)),
            Devices = Whole(nameof(TenantLimits.Devices)),
            NewRecipientsPerDay = Whole(nameof(TenantLimits.NewRecipientsPerDay)),
            Weight = Whole(nameof(TenantLimits.Weight)),
        };

        int? Whole(string key)
        {
            if (tier[key] is not { Length: > 0 } text)
            {
                return null;
            }

            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            {
                return value;
            }

            faults.Add($"{tier.Path}:{key} must be a whole number, not '{text}'.");
            return null;
        }

        decimal? Rate()
        {
            const string Key = nameof(TenantLimits.MessagesPerSecond);
            if (tier[Key] is not { Length: > 0 } text)
            {
                return null;
            }

            if (decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            {
                return value;
            }

            faults.Add($"{tier.Path}:{Key} {LimitRules.RateRange}, not '{text}'.");
            return null;
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,50}$", RegexOptions.CultureInvariant)]
    private static partial Regex TierName();
}
