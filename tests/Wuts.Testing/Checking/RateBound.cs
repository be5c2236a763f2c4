namespace Wuts.Testing.Checking;

/// <summary>In any time <c>t</c> no more than <c>rate * t + burst</c>.</summary>
internal static class RateBound
{
    private const double Rounding = 1e-6;

    /// <param name="First">With it the window begins.</param>
    /// <param name="Last">With it there are too many.</param>
    public sealed record Excess<T>(T First, T Last, int Count, TimeSpan Time, double Most);

    /// <summary>The first time that there are too many, in the window that shows it most; <c>null</c> if there never are.</summary>
    /// <param name="inOrder">In the order of time.</param>
    /// <param name="tolerance">How much longer any window may really have been.</param>
    public static Excess<T>? FindFirst<T>(IReadOnlyList<T> inOrder, Func<T, DateTimeOffset> time, double perSecond, double burst, TimeSpan tolerance)
    {
        // From one to another, both included, there are (last + 1) - first. So of all beginnings the one counts that has least of
        // first - rate * time: each is compared with the best before it only.
        var (best, least) = (0, double.PositiveInfinity);
        for (var i = 0; i < inOrder.Count; i++)
        {
            var elapsed = (time(inOrder[i]) - time(inOrder[0])).TotalSeconds;
            if (i - (perSecond * elapsed) < least)
            {
                (best, least) = (i, i - (perSecond * elapsed));
            }

            var window = time(inOrder[i]) - time(inOrder[best]);
            var most = (perSecond * (window + tolerance).TotalSeconds) + burst;
            if (i + 1 - best > most + Rounding)
            {
                return new(inOrder[best], inOrder[i], i + 1 - best, window, most);
            }
        }

        return null;
    }
}
