namespace Wuts.Domain.Pacing;

/// <summary>
/// A limiter of one number: when the next send would be due if all came evenly (the generic cell rate algorithm's theoretical arrival
/// time). In any window of length t at most <c>rate * (t + tolerance) + 1</c> sends conform.
/// </summary>
/// <param name="DueAt">The theoretical arrival time.</param>
public readonly record struct Gcra(DateTimeOffset DueAt)
{
    /// <summary>One that has saved nothing up: the next send is due, and the ones after it each an interval later.</summary>
    public static Gcra Drained(DateTimeOffset now, TimeSpan tolerance) => new(now + tolerance);

    /// <summary>From when on a send conforms.</summary>
    /// <param name="tolerance">How far ahead of its even time a send may come: the burst, as time.</param>
    public DateTimeOffset OpensAt(TimeSpan tolerance) => DueAt.Ticks > tolerance.Ticks ? DueAt - tolerance : DateTimeOffset.MinValue;

    /// <summary>A send at <paramref name="now"/>, after which the next is due <paramref name="gap"/> later.</summary>
    public Gcra Spend(DateTimeOffset now, TimeSpan gap) => new((DueAt > now ? DueAt : now) + gap);
}
