namespace Wuts.Domain.Quotas;

/// <summary>
/// The times of the last admissions: at most <see cref="RateWindow.Quota"/> in any interval of <see cref="RateWindow.Length"/>, wherever
/// it begins, and under pressure exactly so many in each. An interval holds its beginning and not its end.
/// </summary>
/// <remarks>A log that is changed in place, as it may hold 100,000 times. It belongs to one owner, and time never goes back in it.</remarks>
public sealed class SlidingWindow(RateWindow window)
{
    private Queue<DateTimeOffset> _times = new();

    public RateWindow Window => window;

    /// <summary>How many more would be admitted now.</summary>
    public int Remaining(DateTimeOffset now) => Math.Max(0, window.Quota - CountAt(now));

    /// <summary>When there will be more quota than now; <c>null</c> when all of it is there.</summary>
    public DateTimeOffset? NextFreeAt(DateTimeOffset now) => CountAt(now) == 0 ? null
        : _times.ElementAt(Math.Max(0, _times.Count - window.Quota)) + window.Length; // more than the quota: after it was made smaller

    /// <summary>Counts an admission. The caller has seen that there is room.</summary>
    public void Add(DateTimeOffset at) => _times.Enqueue(at);

    /// <summary>An admission that came to nothing.</summary>
    public void Remove(DateTimeOffset at)
    {
        var removed = false;
        _times = new(_times.Where(time => removed || !(removed = time == at)));
    }

    /// <summary>Starts from the times of what is stored, in any order.</summary>
    public static SlidingWindow From(RateWindow window, IEnumerable<DateTimeOffset> times) => new(window) { _times = new(times.Order()) };

    private int CountAt(DateTimeOffset now)
    {
        while (_times.TryPeek(out var oldest) && oldest + window.Length <= now)
        {
            _times.Dequeue();
        }

        return _times.Count;
    }
}
