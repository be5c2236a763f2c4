using System.Diagnostics.CodeAnalysis;

namespace Wuts.Domain.Quotas;

/// <summary>
/// A number of places that claimants hold for as long as their work takes. A place that comes free goes to the claimant that has
/// fewest for its weight, so that whoever holds places for long, because what it waits for is slow, does not keep the others out: each
/// gets its weighted max-min share of the places. No place is free while somebody waits.
/// </summary>
/// <remarks>Changes in place, and needs a lock of its user's.</remarks>
public sealed class FairPlaces<TWaiter>(int places)
{
    private readonly Dictionary<string, Claimant> _claimants = [];
    private readonly SortedSet<Claimant> _waiting = new(Comparer<Claimant>.Create(static (a, b) => a.CompareTo(b)));
    private long _turn;

    /// <summary>Places that nobody holds.</summary>
    public int Free { get; private set; } = places;

    /// <summary>How many wait.</summary>
    public int Waiting { get; private set; }

    /// <summary>Takes a free place at once; <c>false</c> when there is none.</summary>
    public bool TryEnter(string key, int weight)
    {
        if (Free == 0 || Waiting > 0)
        {
            return false;
        }

        Free--;
        var claimant = Of(key);
        claimant.Weight = Math.Max(1, weight);
        claimant.Held++;
        return true;
    }

    /// <summary>Waits for a place, behind those of the same claimant.</summary>
    public void Wait(string key, int weight, TWaiter waiter)
    {
        var claimant = Of(key);
        _waiting.Remove(claimant);
        claimant.Weight = Math.Max(1, weight);
        claimant.Waiters.Enqueue(waiter);
        Waiting++;
        _waiting.Add(claimant);
    }

    /// <summary>Gives a free place to whoever is to have it; the place is taken by then.</summary>
    public bool TryAdmit([MaybeNullWhen(false)] out string key, [MaybeNullWhen(false)] out TWaiter waiter)
    {
        if (Free == 0 || _waiting.Min is not { } next)
        {
            (key, waiter) = (null, default);
            return false;
        }

        _waiting.Remove(next);
        Free--;
        Waiting--;
        next.Held++;
        next.Turn = ++_turn;
        (key, waiter) = (next.Key, next.Waiters.Dequeue());
        if (next.Waiters.Count > 0)
        {
            _waiting.Add(next);
        }

        return true;
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(string key)
    {
        var claimant = _claimants[key];
        var waits = _waiting.Remove(claimant);
        claimant.Held--;
        Free++;
        if (waits)
        {
            _waiting.Add(claimant);
        }
        else if (claimant.Held == 0)
        {
            _claimants.Remove(key);
        }
    }

    private Claimant Of(string key)
    {
        if (!_claimants.TryGetValue(key, out var claimant))
        {
            _claimants.Add(key, claimant = new(key) { Turn = ++_turn });
        }

        return claimant;
    }

    // What it is compared by changes only while it is not in the set.
    private sealed class Claimant(string key) : IComparable<Claimant>
    {
        public string Key => key;

        public Queue<TWaiter> Waiters { get; } = new();

        public int Weight { get; set; } = 1;

        public int Held { get; set; }

        public long Turn { get; set; }

        public int CompareTo(Claimant? other)
        {
            var load = ((long)Held * other!.Weight).CompareTo((long)other.Held * Weight);
            return load != 0 ? load : Turn != other.Turn ? Turn.CompareTo(other.Turn) : string.CompareOrdinal(Key, other.Key);
        }
    }
}
