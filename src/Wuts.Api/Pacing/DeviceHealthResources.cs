using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Wuts.Api.Answers;
using Wuts.Domain.Pacing;
using Wuts.Grains.Pacing;

namespace Wuts.Api.Pacing;

/// <summary>How healthy a number is, how fast it sends, and why.</summary>
internal sealed record DeviceHealthAnswer
{
    public bool Success { get; init; } = true;

    public required string DeviceId { get; init; }

    /// <summary>The state of its session.</summary>
    public required string Status { get; init; }

    /// <summary>0 to 100: 100 less the points of each signal.</summary>
    public required int Score { get; init; }

    /// <summary>good (80 and more), fair (50 and more) or poor.</summary>
    public required string Health { get; init; }

    /// <summary>WhatsApp's rating: unknown, green, yellow or red.</summary>
    public required string Rating { get; init; }

    public required PaceResource Pace { get; init; }

    /// <summary>What the score is made of.</summary>
    public required ImmutableArray<HealthSignalResource> Signals { get; init; }

    /// <summary>What would raise the score or the pace, in sentences.</summary>
    public required ImmutableArray<string> Advice { get; init; }

    /// <summary>Whom WhatsApp does not let it write to now.</summary>
    public required ImmutableArray<RestrictionResource> Restrictions { get; init; }

    public required WarmUpResource WarmUp { get; init; }

    public static DeviceHealthAnswer Of(DeviceHealthSnapshot snapshot) => new()
    {
        DeviceId = snapshot.Device.Id,
        Status = StoredName.Of(snapshot.Device.Session.State),
        Score = snapshot.Report.Score,
        Health = StoredName.Of(snapshot.Report.Band),
        Rating = StoredName.Of(snapshot.Pace.Pace.Rating),
        Pace = PaceResource.Of(snapshot.Pace),
        Signals = [.. snapshot.Report.Signals.Select(HealthSignalResource.Of)],
        Advice = [.. snapshot.Report.Signals.Select(signal => signal.Advice).OfType<string>().Distinct()],
        Restrictions = [.. snapshot.Restrictions.Select(RestrictionResource.Of)],
        WarmUp = WarmUpResource.Of(snapshot.WarmUp),
    };
}

/// <summary>How fast a number sends now, in messages a minute.</summary>
internal sealed record PaceResource
{
    public required double PerMinute { get; init; }

    public required double CeilingPerMinute { get; init; }

    public required double FloorPerMinute { get; init; }

    /// <summary>The highest that its rating allows.</summary>
    public required double CapPerMinute { get; init; }

    /// <summary>Nothing leaves before this, because WhatsApp said so.</summary>
    public required DateTimeOffset? HeldUntil { get; init; }

    /// <summary>When it is as fast as its rating allows, without further signals; null when it is.</summary>
    public required DateTimeOffset? RecoveredAt { get; init; }

    /// <summary>How fast each kind of traffic may be.</summary>
    public required ImmutableArray<CategoryPaceResource> Categories { get; init; }

    /// <summary>What changed it, oldest first; the last 50.</summary>
    public required ImmutableArray<PaceChangeResource> Changes { get; init; }

    /// <summary>A rate a second as one a minute.</summary>
    public static double Minutely(double rate) => Math.Round(rate * 60, 3);

    public static PaceResource Of(PaceSnapshot snapshot) => new()
    {
        PerMinute = Minutely(snapshot.Pace.Rate),
        CeilingPerMinute = Minutely(snapshot.Ceiling),
        FloorPerMinute = Minutely(snapshot.Floor),
        CapPerMinute = Minutely(snapshot.Cap),
        HeldUntil = snapshot.Pace.HeldUntil,
        RecoveredAt = snapshot.RecoveredAt,
        Categories = [.. snapshot.Categories.Select(part => new CategoryPaceResource(StoredName.Of(part.Category), Minutely(part.Rate)))],
        Changes = [.. snapshot.Pace.Changes.Select(PaceChangeResource.Of)],
    };
}

/// <summary>How fast one kind of traffic may be.</summary>
internal sealed record CategoryPaceResource(string Category, double PerMinute);

/// <summary>A change of the pace, with its reason.</summary>
internal sealed record PaceChangeResource
{
    [JsonConverter(typeof(MillisecondsConverter))]
    public required DateTimeOffset At { get; init; }

    /// <summary>undelivered, blocked, throttled, quality, disconnects, temporary_ban or recovery.</summary>
    public required string Signal { get; init; }

    /// <summary>Whose pace it is; null for the whole number's.</summary>
    public required string? Category { get; init; }

    public required double? Value { get; init; }

    public required double? Threshold { get; init; }

    public required double BeforePerMinute { get; init; }

    public required double AfterPerMinute { get; init; }

    public static PaceChangeResource Of(PaceChange change) => new()
    {
        At = change.At,
        Signal = StoredName.Of(change.Signal),
        Category = change.Category is { } category ? StoredName.Of(category) : null,
        Value = change.Value,
        Threshold = change.Threshold,
        BeforePerMinute = PaceResource.Minutely(change.Before),
        AfterPerMinute = PaceResource.Minutely(change.After),
    };
}

/// <summary>One thing that a number's health is judged by.</summary>
internal sealed record HealthSignalResource
{
    /// <summary>undelivered, blocked, throttled, quality, disconnects or temporary_ban.</summary>
    public required string Signal { get; init; }

    public required string? Category { get; init; }

    /// <summary>A share of 0 to 1, a number of events, or seconds.</summary>
    public required double? Value { get; init; }

    public required double? Threshold { get; init; }

    /// <summary>ok, near or bad.</summary>
    public required string State { get; init; }

    /// <summary>What it takes from the score.</summary>
    public required int Points { get; init; }

    public static HealthSignalResource Of(HealthSignal signal) => new()
    {
        Signal = StoredName.Of(signal.Signal),
        Category = signal.Category is { } category ? StoredName.Of(category) : null,
        Value = signal.Value,
        Threshold = signal.Threshold,
        State = StoredName.Of(signal.State),
        Points = signal.Points,
    };
}

/// <summary>Whom WhatsApp does not let a number write to.</summary>
internal sealed record RestrictionResource
{
    /// <summary>new_chats: nobody new. reach_out: nobody who has not written to the number.</summary>
    public required string Kind { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>When it ends by itself; null when WhatsApp does not say.</summary>
    public required DateTimeOffset? Until { get; init; }

    public static RestrictionResource Of(Restriction restriction) => new()
    {
        Kind = StoredName.Of(restriction.Kind),
        Since = restriction.At,
        Until = restriction.Until,
    };
}
