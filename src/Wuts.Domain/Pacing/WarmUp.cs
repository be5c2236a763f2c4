using System.Collections.Immutable;

namespace Wuts.Domain.Pacing;

/// <summary>
/// How many people a new number may write to for the first time: a limit for each UTC day since it began, and none after the last.
/// Whoever is over a day's limit is planned for the earliest day with room, spread over the waking hours of that day in the order of
/// acceptance. The same arrivals give the same plan.
/// </summary>
public sealed record WarmUp
{
    /// <summary>The first day.</summary>
    public required DateOnly Began { get; init; }

    /// <summary>The limits, day by day: see <see cref="WarmUpSchedules"/>.</summary>
    public required ImmutableArray<int> Schedule { get; init; }

    /// <summary>Between which times of the UTC day those are spread who were planned ahead.</summary>
    public TimeSpan WakingFrom { get; init; } = TimeSpan.FromHours(9);

    public TimeSpan WakingTo { get; init; } = TimeSpan.FromHours(20);

    /// <summary>How many count on each day, past ones included.</summary>
    public ImmutableSortedDictionary<DateOnly, int> Planned { get; init; } = ImmutableSortedDictionary<DateOnly, int>.Empty;

    /// <summary>The first day without a limit.</summary>
    public DateOnly Ends => Began.AddDays(Schedule.Length);

    public static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    /// <summary>Whether there is no limit any more.</summary>
    public bool IsOver(DateTimeOffset now) => DayOf(now) >= Ends;

    /// <summary>How many new recipients a day allows; <c>null</c> for any number. Days before the first are like it.</summary>
    public int? AllowedOn(DateOnly day)
    {
        var index = Math.Max(0, day.DayNumber - Began.DayNumber);
        return index < Schedule.Length ? Schedule[index] : null;
    }

    public int PlannedOn(DateOnly day) => Planned.GetValueOrDefault(day);

    /// <summary>Gives a new recipient its time, and counts it on that day.</summary>
    /// <param name="from">When its message could leave. That is its time, if the day has room.</param>
    /// <param name="mayWait">Whether it may be planned for another day; else it counts, and leaves.</param>
    public (WarmUp Next, DateTimeOffset At) Plan(DateTimeOffset from, bool mayWait)
    {
        var day = DayOf(from);
        while (mayWait && AllowedOn(day) is { } allowed && PlannedOn(day) >= allowed)
        {
            day = day.AddDays(1);
        }

        return (Count(day, 1), day == DayOf(from) ? from : Slot(day, PlannedOn(day)));
    }

    /// <summary>Counts contacts as they were stored.</summary>
    public WarmUp Counting(IEnumerable<Contact> contacts) => this with
    {
        Planned = contacts.Where(contact => contact.PlannedAt is not null)
            .GroupBy(contact => DayOf(contact.PlannedAt!.Value))
            .Aggregate(Planned, (planned, day) => planned.SetItem(day.Key, planned.GetValueOrDefault(day.Key) + day.Count())),
    };

    /// <summary>One that counted on a day does not count any more.</summary>
    public WarmUp Without(DateTimeOffset plannedAt) => PlannedOn(DayOf(plannedAt)) > 0 ? Count(DayOf(plannedAt), -1) : this;

    private WarmUp Count(DateOnly day, int change) => this with { Planned = Planned.SetItem(day, PlannedOn(day) + change) };

    // A day without a limit is filled as densely as the last one that had one; what it has no place for leaves at its end.
    private DateTimeOffset Slot(DateOnly day, int number)
    {
        var places = AllowedOn(day) ?? Schedule[^1];
        var seconds = Math.Floor((WakingTo - WakingFrom).TotalSeconds * Math.Min(1, (number + 0.5) / places));
        return new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) + WakingFrom + TimeSpan.FromSeconds(seconds);
    }
}
