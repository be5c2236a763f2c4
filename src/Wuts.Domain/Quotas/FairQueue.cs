using System.Diagnostics.CodeAnalysis;

namespace Wuts.Domain.Quotas;

/// <summary>
/// What waits for one server, by claimant. Claimants are served in proportion to their weights: of two that always have something
/// waiting, <c>|served_a/w_a − served_b/w_b|</c> never exceeds <c>1/w_a + 1/w_b</c>, over any interval. Within a claimant: first in, first
/// out. It is never idle while something waits, and who comes late has nothing saved up.
/// </summary>
/// <remarks>
/// Start-time fair queueing (Goyal, Vin and Cheng, 1996) with items of cost 1: each item starts when the one before it of its claimant
/// has ended in virtual time, or now; the earliest start goes first. Changes in place, and needs a lock of its user's.
/// </remarks>
public sealed class FairQueue<TKey, TItem>
    where TKey : notnull
{
    private readonly Dictionary<TKey, Claimant> _claimants = [];
    private readonly PriorityQueue<Claimant, (decimal Start, long Order)> _waiting = new();
    private readonly PriorityQueue<Claimant, decimal> _satisfied = new();
    private decimal _virtualNow;
    private long _order;

    /// <summary>Items that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Claimants that have something waiting.</summary>
    public int Claimants => _waiting.Count;

    /// <summary>Items of a claimant that wait.</summary>
    public int CountOf(TKey key) => _claimants.TryGetValue(key, out var claimant) ? claimant.Items.Count : 0;

    /// <param name="weight">The claimant's share from this item on, at least 1.</param>
    public void Enqueue(TKey key, int weight, TItem item)
    {
        if (!_claimants.TryGetValue(key, out var claimant))
        {
            _claimants.Add(key, claimant = new(key));
        }

        claimant.Weight = Math.Max(1, weight);
        claimant.Items.Enqueue(item);
        Count++;
        if (claimant.Items.Count == 1)
        {
            claimant.NextStart = Math.Max(claimant.NextStart, _virtualNow);
            _waiting.Enqueue(claimant, (claimant.NextStart, _order++));
        }
    }

    /// <summary>Takes what is to be served next.</summary>
    public bool TryDequeue([MaybeNullWhen(false)] out TKey key, [MaybeNullWhen(false)] out TItem item)
    {
        if (!_waiting.TryDequeue(out var claimant, out var place))
        {
            (key, item) = (default, default);
            return false;
        }

        _virtualNow = place.Start;
        (key, item) = (claimant.Key, claimant.Items.Dequeue());
        Count--;
        claimant.NextStart = place.Start + (1m / claimant.Weight);
        if (claimant.Items.Count > 0)
        {
            _waiting.Enqueue(claimant, (claimant.NextStart, _order++));
        }
        else
        {
            _satisfied.Enqueue(claimant, claimant.NextStart);
        }

        ForgetSatisfied();
        return true;
    }

    // Whose last item has ended in virtual time starts like anybody new.
    private void ForgetSatisfied()
    {
        while (_satisfied.TryPeek(out var claimant, out var end) && end <= _virtualNow)
        {
            _satisfied.Dequeue();
            if (claimant.Items.Count == 0 && claimant.NextStart <= _virtualNow)
            {
                _claimants.Remove(claimant.Key);
            }
        }
    }

    private sealed class Claimant(TKey key)
    {
        public TKey Key => key;

        public Queue<TItem> Items { get; } = new();

        public int Weight { get; set; } = 1;

        public decimal NextStart { get; set; }
    }
}
