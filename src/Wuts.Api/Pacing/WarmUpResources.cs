using System.Collections.Immutable;
using System.Globalization;
using Wuts.Domain.Pacing;
using Wuts.Grains.Pacing;

namespace Wuts.Api.Pacing;

/// <summary>How a number is to be warmed up. What is left out is as configured for its transport.</summary>
internal sealed record WarmUpRequest
{
    /// <summary>Whether it is warmed up at all.</summary>
    public bool? Enabled { get; init; }

    /// <summary>When it began, RFC 3339, for a number that was warmed up elsewhere. Without it: when the number was first paired here.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>New recipients a day, from the first UTC day on, and no limit after the last: 1 to 365 whole numbers of 1 to 1,000,000.</summary>
    public IReadOnlyList<int>? Schedule { get; init; }

    public WarmUpSettings ToSettings() => new(Enabled, StartedAt, Schedule is null ? null : [.. Schedule]);
}

/// <summary>How far a number's warm-up is.</summary>
internal sealed record WarmUpAnswer
{
    public bool Success { get; init; } = true;

    public required string DeviceId { get; init; }

    public required WarmUpResource WarmUp { get; init; }
}

/// <summary>How far a number's warm-up is. Days are UTC days.</summary>
internal sealed record WarmUpResource
{
    /// <summary>Whether the number is warmed up at all.</summary>
    public required bool Enabled { get; init; }

    /// <summary>off, not_started (it was never paired), running or done.</summary>
    public required string State { get; init; }

    public required DateTimeOffset? StartedAt { get; init; }

    /// <summary>New recipients a day, from the first day on.</summary>
    public required ImmutableArray<int> Schedule { get; init; }

    /// <summary>Which day of the schedule today is, from 1; null unless it is running.</summary>
    public required int? Day { get; init; }

    /// <summary>New recipients that today allows; null for any number.</summary>
    public required int? AllowedToday { get; init; }

    /// <summary>New recipients that count on today.</summary>
    public required int UsedToday { get; init; }

    /// <summary>Messages that wait for another day.</summary>
    public required int Held { get; init; }

    /// <summary>New recipients that are planned for later days.</summary>
    public required ImmutableArray<WarmUpDayResource> Ahead { get; init; }

    /// <summary>The first day without a limit.</summary>
    public required string? EndsOn { get; init; }

    public static WarmUpResource Of(WarmUpSnapshot snapshot)
    {
        var running = snapshot is { Enabled: true, IsOver: false, Days.IsEmpty: false };
        var today = running ? snapshot.Days[0] : null;
        return new()
        {
            Enabled = snapshot.Enabled,
            State = !snapshot.Enabled ? "off" : snapshot.StartedAt is null ? "not_started" : running ? "running" : "done",
            StartedAt = snapshot.StartedAt,
            Schedule = snapshot.Schedule,
            Day = today?.Number,
            AllowedToday = today?.Allowed,
            UsedToday = today?.Planned ?? 0,
            Held = snapshot.Held,
            Ahead = [.. snapshot.Days.Skip(1).Select(WarmUpDayResource.Of)],
            EndsOn = snapshot.EndsAt is { } end ? WarmUpDayResource.DateOf(end) : null,
        };
    }
}

/// <summary>A day for which new recipients are planned.</summary>
internal sealed record WarmUpDayResource
{
    /// <summary>The UTC date.</summary>
    public required string Date { get; init; }

    /// <summary>Which day of the schedule it is, from 1.</summary>
    public required int Day { get; init; }

    public required int? Allowed { get; init; }

    public required int Planned { get; init; }

    public static string DateOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static WarmUpDayResource Of(WarmUpDay day) => new() { Date = DateOf(day.Date), Day = day.Number, Allowed = day.Allowed, Planned = day.Planned };
}
