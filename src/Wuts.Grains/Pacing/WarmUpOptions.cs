using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Wuts.Domain.Pacing;

namespace Wuts.Grains.Pacing;

/// <summary>How many strangers a new number may write to. Section <c>Wuts:WarmUp</c>. A device's owner may choose otherwise, by <c>PUT /devices/{id}/warm-up</c>.</summary>
public sealed class WarmUpOptions : IValidatableObject
{
    public const string Section = "Wuts:WarmUp";

    /// <summary>Whether new numbers are warmed up. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// New recipients a day, from the first UTC day on, none after the last: 1 to 365 numbers of 1 to 1,000,000. Default: 250 doubling
    /// daily to 8,000, then 10,000, after Meta's published messaging limits. <c>Wuts:WarmUp:Schedule:0</c> and so on.
    /// </summary>
    public int[]? Schedule { get; set; }

    /// <summary>The schedules of some transports. Default: <c>linked</c> begins with 20 and grows by half a day, for 14 days.</summary>
    public Dictionary<string, int[]> Transports { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>From which time of the UTC day those leave who were planned for it ahead. Default: 09:00.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "23:59:00")]
    public TimeSpan WakingFrom { get; set; } = TimeSpan.FromHours(9);

    /// <summary>Until which time, later than <see cref="WakingFrom"/>. Default: 20:00.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan WakingTo { get; set; } = TimeSpan.FromHours(20);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (WakingFrom >= WakingTo)
        {
            yield return new($"{Section}:WakingTo must be later than {Section}:WakingFrom.");
        }

        var named = Transports.Select(transport => (Key: $"Transports:{transport.Key}", transport.Value)).Append(("Schedule", Schedule ?? [1]));
        foreach (var (key, schedule) in named)
        {
            if (schedule.Length is < 1 or > WarmUpSchedules.MaxDays || schedule.Any(limit => limit is < 1 or > WarmUpSchedules.MaxPerDay))
            {
                yield return new($"{Section}:{key} must be 1 to {WarmUpSchedules.MaxDays} numbers of 1 to {WarmUpSchedules.MaxPerDay}.");
            }
        }
    }

    internal ImmutableArray<int> ScheduleOf(string transport) =>
        Transports.TryGetValue(transport, out var own) ? [.. own]
        : Schedule is not null ? [.. Schedule]
        : transport == "linked" ? WarmUpSchedules.Linked
        : WarmUpSchedules.Published;
}
