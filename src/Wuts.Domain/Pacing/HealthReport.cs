using System.Collections.Immutable;
using Orleans;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;

namespace Wuts.Domain.Pacing;

/// <summary>How a signal stands.</summary>
public enum SignalState
{
    Ok,

    /// <summary>Half of its threshold, or more.</summary>
    Near,

    /// <summary>Over its threshold, or in force.</summary>
    Bad,
}

/// <summary>One thing that a number's health is judged by.</summary>
/// <param name="Category">Whose; <c>null</c> for the whole number's.</param>
/// <param name="Value">What is measured now: a share of 0 to 1, a number of events; <c>null</c> where nothing is known.</param>
/// <param name="Points">How many points it takes from the score.</param>
/// <param name="Advice">What would raise the score or the pace; <c>null</c> where nothing has to be done.</param>
[GenerateSerializer, Immutable, Alias("wuts.health-signal")]
public sealed record HealthSignal(
    [property: Id(0)] PaceSignal Signal,
    [property: Id(1)] Category? Category,
    [property: Id(2)] double? Value,
    [property: Id(3)] double? Threshold,
    [property: Id(4)] SignalState State,
    [property: Id(5)] int Points,
    [property: Id(6)] string? Advice);

/// <summary>A number's health: 100 points less what each signal takes. The weights are ours; they rank numbers, and promise nothing.</summary>
[GenerateSerializer, Immutable, Alias("wuts.health-report")]
public sealed record HealthReport([property: Id(0)] int Score, [property: Id(1)] ImmutableArray<HealthSignal> Signals)
{
    public const int GoodFrom = 80;
    public const int FairFrom = 50;

    private static readonly TimeSpan BanMemory = TimeSpan.FromDays(7);
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    public HealthBand Band => Score >= GoodFrom ? HealthBand.Good : Score >= FairFrom ? HealthBand.Fair : HealthBand.Poor;

    public static HealthReport Of(DeviceHealth health, ReceiptWatch watch, PaceRules rules, DateTimeOffset now)
    {
        var signals = ImmutableArray.CreateBuilder<HealthSignal>();
        foreach (var category in Enum.GetValues<Category>())
        {
            var part = watch.Of(category);
            var enough = part.Count >= rules.LeastSample;
            if (Worst(health.Pace, PaceSignal.Undelivered, category, enough ? (double)part.Undelivered / part.Count : null, now) is { } undelivered)
            {
                signals.Add(Share(PaceSignal.Undelivered, category, undelivered, rules.UndeliveredShare, 30,
                    "Write to people who expect it and whose numbers are in use: too many messages do not reach a phone."));
            }

            if (Worst(health.Pace, PaceSignal.Blocked, category, enough ? (double)part.Blocked / part.Count : null, now) is { } blocked)
            {
                signals.Add(Share(PaceSignal.Blocked, category, blocked, rules.BlockedShare, 30,
                    "Recipients block or report the number: write to those who agreed to it, and less often."));
            }
        }

        signals.Add(Rating(health.Pace));
        signals.Add(Throttling(health.Pace, rules, now));
        var lost = Worst(health.Pace, PaceSignal.Disconnects, null, health.Disconnects.Count(at => at > now - TimeSpan.FromHours(1)), now);
        signals.Add(Share(PaceSignal.Disconnects, null, lost!.Value, rules.DisconnectsPerHour, 10, "The link to WhatsApp breaks often: see to the phone's network."));
        signals.Add(Ban(health, now));
        return new(Math.Max(0, 100 - signals.Sum(signal => signal.Points)), signals.ToImmutable());
    }

    // What slowed the number a while ago is not counted again by the pace, and not forgotten by people.
    private static double? Worst(Pace pace, PaceSignal signal, Category? category, double? measured, DateTimeOffset now)
    {
        var cut = pace.Cuts.FirstOrDefault(cut => cut.Signal == signal && cut.Category == category && cut.At > now - Memory);
        return cut is null ? measured : Math.Max(measured ?? 0, cut.Value ?? cut.Threshold ?? 0);
    }

    private static HealthSignal Share(PaceSignal signal, Category? category, double value, double threshold, int weight, string advice)
    {
        var part = value / threshold;
        var state = part >= 1 ? SignalState.Bad : part >= 0.5 ? SignalState.Near : SignalState.Ok;
        return new(signal, category, value, threshold, state, (int)Math.Round(weight * Math.Min(1, part * part)), state == SignalState.Ok ? null : advice);
    }

    private static HealthSignal Rating(Pace pace) => pace.Rating switch
    {
        QualityRating.Yellow => new(PaceSignal.Quality, null, (int)pace.Rating, (int)QualityRating.Yellow, SignalState.Near, 25,
            "WhatsApp rates the number yellow, which caps its pace: messages that are not blocked or reported make it green again."),
        QualityRating.Red => new(PaceSignal.Quality, null, (int)pace.Rating, (int)QualityRating.Yellow, SignalState.Bad, 55,
            "WhatsApp rates the number red, which caps its pace: stop what recipients did not ask for until the rating is better."),
        _ => new(PaceSignal.Quality, null, (int)pace.Rating, (int)QualityRating.Yellow, SignalState.Ok, 0, null),
    };

    private static HealthSignal Throttling(Pace pace, PaceRules rules, DateTimeOffset now)
    {
        var held = pace.HeldUntil > now;
        var recent = pace.Cuts.FirstOrDefault(cut => cut.Signal == PaceSignal.Throttled)?.At > now - Memory;
        return new(PaceSignal.Throttled, null, held ? (pace.HeldUntil!.Value - now).TotalSeconds : null, rules.ThrottleWait.TotalSeconds,
            held ? SignalState.Bad : recent ? SignalState.Near : SignalState.Ok,
            held || recent ? 10 : 0,
            held || recent ? "WhatsApp asked to send more slowly: the pace rises by itself as long as it does not again." : null);
    }

    private static HealthSignal Ban(DeviceHealth health, DateTimeOffset now)
    {
        var recent = health.BannedAt > now - BanMemory;
        return new(PaceSignal.TemporaryBan, null, recent ? 1 : 0, 1, recent ? SignalState.Bad : SignalState.Ok, recent ? 40 : 0,
            recent ? "The number was banned within the last 7 days: its pace began at the floor, and rises without further signals." : null);
    }
}
