using System.Collections.Immutable;

namespace Wuts.Domain.Quotas;

/// <summary>How much a pool had at most since one of its marks. Permits that come back are worth no more than what it had room for all that time.</summary>
internal sealed record FreePeaks
{
    // Whatever is followed by as much is not the most since anything: so these fall.
    private ImmutableList<(long Mark, double Free)> _falling = [];

    /// <summary>The pool has so much now.</summary>
    /// <param name="mark">Higher than all before.</param>
    public FreePeaks Note(long mark, double free) => new() { _falling = Add(_falling, mark, free) };

    /// <summary>The most after a mark; <c>null</c> when nothing is known since then.</summary>
    public double? HighestAfter(long mark) => FirstAfter(mark) is var first && first < _falling.Count ? _falling[first].Free : null;

    /// <summary>As if the pool had had so much more ever since a mark.</summary>
    public FreePeaks Raise(long mark, double by)
    {
        var first = FirstAfter(mark);
        var raised = _falling.GetRange(0, first);
        for (var i = first; i < _falling.Count; i++)
        {
            raised = Add(raised, _falling[i].Mark, _falling[i].Free + by);
        }

        return new() { _falling = raised };
    }

    private static ImmutableList<(long Mark, double Free)> Add(ImmutableList<(long Mark, double Free)> falling, long mark, double free)
    {
        while (!falling.IsEmpty && falling[^1].Free <= free)
        {
            falling = falling.RemoveAt(falling.Count - 1);
        }

        return falling.Add((mark, free));
    }

    private int FirstAfter(long mark)
    {
        var (from, until) = (0, _falling.Count);
        while (from < until)
        {
            var middle = (from + until) / 2;
            (from, until) = _falling[middle].Mark > mark ? (from, middle) : (middle + 1, until);
        }

        return from;
    }
}
