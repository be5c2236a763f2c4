using System.Collections.Immutable;
using System.Globalization;
using Orleans;

namespace Wuts.Domain.Quotas;

/// <summary>What is wrong with a limit.</summary>
/// <param name="Field">The property of <see cref="TenantLimits"/>.</param>
/// <param name="Message">What is wrong with it, to be read after its name.</param>
[GenerateSerializer, Immutable, Alias("wuts.limit-error")]
public sealed record LimitError([property: Id(0)] string Field, [property: Id(1)] string Message);

/// <summary>Which limits can be kept.</summary>
public static class LimitRules
{
    public const decimal SlowestRate = 0.001m;
    public const decimal FastestRate = 10_000m;
    public const int MostBurst = 100_000;
    public const int MostPerDay = 1_000_000_000;
    public const int MostQueued = 10_000_000;
    public const int MostDevices = 100_000;
    public const int MostNewRecipients = 1_000_000;
    public const int MostWeight = 1_000;

    /// <summary>The longest window of a rate: a day.</summary>
    public const int LongestWindowSeconds = 86_400;

    public static string RateRange { get; } = string.Create(
        CultureInfo.InvariantCulture, $"must be a number from {SlowestRate} to {FastestRate}, with three digits after the point at most");

    public static bool IsRate(decimal rate) => rate is >= SlowestRate and <= FastestRate && decimal.Round(rate, 3) == rate;

    /// <summary>All that is wrong with the limits as they take effect: a tenant's own over those of its tier. Empty when they can be kept.</summary>
    public static ImmutableArray<LimitError> Check(TenantLimits limits)
    {
        var errors = ImmutableArray.CreateBuilder<LimitError>();
        if (limits.MessagesPerSecond is { } rate && !IsRate(rate))
        {
            errors.Add(new(nameof(TenantLimits.MessagesPerSecond), RateRange));
        }

        Whole(nameof(TenantLimits.Burst), limits.Burst, MostBurst);
        Whole(nameof(TenantLimits.MessagesPerDay), limits.MessagesPerDay, MostPerDay);
        Whole(nameof(TenantLimits.QueueDepth), limits.QueueDepth, MostQueued);
        Whole(nameof(TenantLimits.Devices), limits.Devices, MostDevices);
        Whole(nameof(TenantLimits.NewRecipientsPerDay), limits.NewRecipientsPerDay, MostNewRecipients);
        Whole(nameof(TenantLimits.Weight), limits.Weight, MostWeight);
        if (errors.Count == 0 && CheckBurst(limits) is { } wrong)
        {
            errors.Add(new(nameof(TenantLimits.Burst), wrong));
        }

        return errors.DrainToImmutable();

        void Whole(string field, int? value, int most)
        {
            if (value < 1 || value > most)
            {
                errors.Add(new(field, $"must be between 1 and {most}"));
            }
        }
    }

    private static string? CheckBurst(TenantLimits limits)
    {
        if (limits.Burst is not { } burst)
        {
            return null;
        }

        if (limits.MessagesPerSecond is not { } rate)
        {
            return "needs a rate: give messages a second too, here or in the tier, or leave the burst out";
        }

        var step = RateWindow.SmallestBurst(rate);
        var most = (int)Math.Min(MostBurst, rate * LongestWindowSeconds);
        if (burst > most)
        {
            return Invariant($"must be at most {most} with {rate} messages a second, so that its window is no longer than a day");
        }

        if (burst % step == 0)
        {
            return null;
        }

        var below = burst / step * step;
        var above = below + step;
        var fits = below == 0 ? Fit(above) : above > most ? Fit(below) : $"{Fit(below)} or {Fit(above)}";
        return Invariant($"must be a multiple of {step} with {rate} messages a second, so that its window is whole seconds: {fits} would do");

        string Fit(int quota) => $"{quota} (in {RateWindow.Of(rate, quota).Seconds} s)";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
