namespace Wuts.Benchmarks.Fairness;

/// <summary>A part of the run, in seconds as <see cref="Departure"/> has them: its beginning included and its end not.</summary>
internal readonly record struct Stretch(double From, double Until)
{
    public static double Now => Of(DateTimeOffset.UtcNow);

    public double Length => Until - From;

    public static double Of(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    public bool Contains(double time) => time >= From && time < Until;

    /// <summary>The same, but ended by then.</summary>
    public Stretch EndedBy(double time) => this with { Until = Math.Min(Until, time) };
}
