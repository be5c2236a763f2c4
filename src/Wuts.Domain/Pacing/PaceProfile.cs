namespace Wuts.Domain.Pacing;

/// <summary>Between which paces a kind of number sends, and how evenly. Rates are messages a second.</summary>
public sealed record PaceProfile
{
    /// <summary>The fastest.</summary>
    public required double Ceiling { get; init; }

    /// <summary>The slowest that signals can make it.</summary>
    public required double Floor { get; init; }

    /// <summary>How much may be saved up while nothing is sent, as time; zero for none.</summary>
    public TimeSpan Burst { get; init; }

    /// <summary>The pace rises after each such interval without a signal…</summary>
    public required TimeSpan RecoverEvery { get; init; }

    /// <summary>…by this share of the ceiling, 0 to 1.</summary>
    public required double RecoverBy { get; init; }

    /// <summary>By how much of itself a gap may be longer, by chance; 0 for gaps as even as a clock's.</summary>
    public double Jitter { get; init; }

    /// <summary>After how many messages, on average, there is a pause; 0 for none.</summary>
    public double PauseEvery { get; init; }

    public TimeSpan ShortestPause { get; init; }

    public TimeSpan LongestPause { get; init; }

    /// <summary>The even gap between two messages to one recipient; <c>null</c> for no limit of its own.</summary>
    public TimeSpan? PairGap { get; init; }

    /// <summary>How many messages to one recipient may leave at once.</summary>
    public int PairBurst { get; init; } = 1;

    /// <summary>Whether it sends as a person would.</summary>
    public bool IsHuman => Jitter > 0 || PauseEvery > 0;

    /// <summary>The gap after a message: never shorter than the rate says, for people longer by chance.</summary>
    /// <param name="rate">Messages a second.</param>
    /// <param name="chance">0 to 1, chosen by the caller. One number decides whether there is a pause, and how long all takes.</param>
    public TimeSpan Gap(double rate, double chance)
    {
        var even = TimeSpan.FromSeconds(1 / rate);
        var pauses = PauseEvery > 0 ? 1 / PauseEvery : 0;
        return chance < pauses
            ? even + ShortestPause + (LongestPause - ShortestPause) * (chance / pauses)
            : even + even * (Jitter * (chance - pauses) / (1 - pauses));
    }

    /// <summary>The gap after a message on average.</summary>
    public TimeSpan MeanGap(double rate)
    {
        var even = TimeSpan.FromSeconds(1 / rate);
        var pauses = PauseEvery > 0 ? 1 / PauseEvery : 0;
        return even + even * (Jitter / 2 * (1 - pauses)) + (ShortestPause + LongestPause) / 2 * pauses;
    }

    /// <summary>How far ahead of its even time a message to one recipient may leave.</summary>
    public TimeSpan PairTolerance => PairGap is { } gap ? gap * (PairBurst - 1) : TimeSpan.Zero;
}
