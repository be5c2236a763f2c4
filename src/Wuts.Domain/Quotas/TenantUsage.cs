using System.Collections.Immutable;

namespace Wuts.Domain.Quotas;

/// <summary>What is stored of a tenant's use, from which its quotas are rebuilt.</summary>
/// <param name="AcceptedToday">Messages accepted since the day began, before <see cref="UsageSince.Recent"/>.</param>
/// <param name="Recent">Messages accepted since then.</param>
/// <param name="Window">When the last messages before that were accepted, in any order.</param>
/// <param name="NewToday">Recipients whose first message was accepted since the day began.</param>
/// <param name="Waiting">Unsent messages by device.</param>
public sealed record TenantUsage(
    long AcceptedToday,
    ImmutableArray<RecentAcceptance> Recent,
    ImmutableArray<DateTimeOffset> Window,
    ImmutableArray<string> NewToday,
    ImmutableDictionary<string, int> Waiting);

/// <summary>A message that was accepted a moment ago.</summary>
public sealed record RecentAcceptance(string MessageId, string ChatJid, DateTimeOffset At);

/// <summary>From when on a <see cref="TenantUsage"/> is asked for.</summary>
/// <param name="Day">The beginning of the calendar day in UTC.</param>
/// <param name="Recent">From when on each message is wanted by its id.</param>
/// <param name="Window">From when on the times of acceptance are wanted; not before <see cref="Recent"/> when there is no rate.</param>
/// <param name="WindowLimit">How many of these times at most: the last ones.</param>
/// <param name="Recipients">Whether the new recipients are wanted, which takes a look at each message of the day.</param>
public sealed record UsageSince(DateTimeOffset Day, DateTimeOffset Recent, DateTimeOffset Window, int WindowLimit, bool Recipients)
{
    /// <summary>What the limits need to be rebuilt at a time.</summary>
    public static UsageSince Of(TenantLimits limits, DateTimeOffset now)
    {
        var recent = now - RecentCharges.Memory;
        var window = now - (limits.Rate?.Length ?? TimeSpan.Zero);
        return new(DayOf(now), recent, window < recent ? window : recent, limits.Rate?.Quota ?? 0, limits.NewRecipientsPerDay is not null);
    }

    /// <summary>What a look at the use of a tenant needs, whatever its limits: all of it counted.</summary>
    public static UsageSince Counts(DateTimeOffset now) => new(DayOf(now), DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, 0, Recipients: true);

    /// <summary>When the calendar day in UTC began.</summary>
    public static DateTimeOffset DayOf(DateTimeOffset time) => new(time.UtcDateTime.Date, TimeSpan.Zero);
}
