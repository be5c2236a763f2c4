using System.Collections.Immutable;
using Wuts.Domain.Sending;

namespace Wuts.Domain.Pacing;

/// <summary>
/// What became of the last messages of a number, by category. One counts from when a receipt decides it, or from when it is old enough
/// to have had one; a late receipt still sets it right. Where more leave than it can watch, it watches some of them.
/// </summary>
public sealed record ReceiptWatch
{
    private const int MostPending = 1000;
    private static readonly ImmutableArray<Category> Categories = [.. Enum.GetValues<Category>()];

    private ImmutableDictionary<string, Watched> Entries { get; init; } = ImmutableDictionary<string, Watched>.Empty;

    /// <summary>In the order of their sending; decided ones leave it when their time comes.</summary>
    private ImmutableQueue<string> Pending { get; init; } = [];

    private int PendingCount { get; init; }

    /// <summary>What was sent before says nothing any more.</summary>
    private ImmutableDictionary<Category, DateTimeOffset> Since { get; init; } = ImmutableDictionary<Category, DateTimeOffset>.Empty;

    private ImmutableDictionary<Category, Tally> Tallies { get; init; } = ImmutableDictionary<Category, Tally>.Empty;

    /// <summary>A message has left.</summary>
    public ReceiptWatch Sent(string id, Category category, DateTimeOffset at) =>
        PendingCount >= MostPending || Entries.ContainsKey(id)
            ? this
            : this with { Entries = Entries.Add(id, new(category, at, Fate.Open)), Pending = Pending.Enqueue(id), PendingCount = PendingCount + 1 };

    /// <summary>Word of a message, of which the strongest counts.</summary>
    public ReceiptWatch Heard(string id, Fate fate, PaceRules rules) => Entries.TryGetValue(id, out var entry) && fate > entry.Fate
        ? Decide(id, entry, fate, rules)
        : this;

    /// <summary>Those that are too old for a first receipt count as undelivered.</summary>
    public ReceiptWatch Settled(DateTimeOffset now, PaceRules rules)
    {
        var next = this;
        while (!next.Pending.IsEmpty)
        {
            var id = next.Pending.Peek();
            var entry = next.Entries.GetValueOrDefault(id);
            if (entry is not null && entry.At + rules.ReceiptGrace > now)
            {
                break;
            }

            next = next with { Pending = next.Pending.Dequeue(), PendingCount = next.PendingCount - 1 };
            next = entry is { Fate: Fate.Open } ? next.Decide(id, entry, Fate.Undelivered, rules) : next;
        }

        return next;
    }

    /// <summary>What is known of a category: of how many messages, and how many of them were not delivered, or blocked.</summary>
    public (int Count, int Undelivered, int Blocked) Of(Category category) =>
        Tallies.TryGetValue(category, out var tally) ? (tally.Count, tally.Undelivered, tally.Blocked) : default;

    /// <summary>What is too much, of any category.</summary>
    public IEnumerable<PaceWarning> Warnings(PaceRules rules)
    {
        foreach (var category in Categories)
        {
            if (!Tallies.TryGetValue(category, out var tally) || tally.Count < rules.LeastSample)
            {
                continue;
            }

            var (undelivered, blocked) = ((double)tally.Undelivered / tally.Count, (double)tally.Blocked / tally.Count);
            if (undelivered >= rules.UndeliveredShare)
            {
                yield return new(PaceSignal.Undelivered, category, undelivered, rules.UndeliveredShare);
            }

            if (blocked >= rules.BlockedShare)
            {
                yield return new(PaceSignal.Blocked, category, blocked, rules.BlockedShare);
            }
        }
    }

    /// <summary>Begins a category anew: what was sent at the pace before, and is decided only later, must not slow it again.</summary>
    public ReceiptWatch Forgetting(Category category, DateTimeOffset now) => this with
    {
        Since = Since.SetItem(category, now),
        Tallies = Tallies.Remove(category),
        Entries = Tallies.TryGetValue(category, out var tally) ? Entries.RemoveRange(tally.Decided) : Entries,
    };

    private ReceiptWatch Decide(string id, Watched entry, Fate fate, PaceRules rules)
    {
        if (entry.At <= Since.GetValueOrDefault(entry.Category))
        {
            return this with { Entries = Entries.Remove(id) };
        }

        var tally = Tallies.GetValueOrDefault(entry.Category) ?? new();
        var entries = Entries.SetItem(id, entry with { Fate = fate });
        tally = entry.Fate == Fate.Open ? tally.Add(id, fate) : tally.Change(entry.Fate, fate);
        while (tally.Count > rules.Sample)
        {
            var oldest = tally.Decided.Peek();
            tally = tally.Drop(entries[oldest].Fate);
            entries = entries.Remove(oldest);
        }

        return this with { Entries = entries, Tallies = Tallies.SetItem(entry.Category, tally) };
    }

    private sealed record Watched(Category Category, DateTimeOffset At, Fate Fate);

    private sealed record Tally
    {
        public ImmutableQueue<string> Decided { get; private init; } = [];

        public int Count { get; private init; }

        public int Undelivered { get; private init; }

        public int Blocked { get; private init; }

        public Tally Add(string id, Fate fate) => (this with { Decided = Decided.Enqueue(id), Count = Count + 1 }).Weigh(fate, 1);

        public Tally Change(Fate before, Fate after) => Weigh(before, -1).Weigh(after, 1);

        public Tally Drop(Fate fate) => (this with { Decided = Decided.Dequeue(), Count = Count - 1 }).Weigh(fate, -1);

        private Tally Weigh(Fate fate, int sign) => this with
        {
            Undelivered = Undelivered + (fate is Fate.Undelivered or Fate.Blocked ? sign : 0),
            Blocked = Blocked + (fate is Fate.Blocked ? sign : 0),
        };
    }
}

/// <summary>What became of a message, weakest word first.</summary>
public enum Fate
{
    Open,

    /// <summary>Failed, or without a word for too long.</summary>
    Undelivered,

    /// <summary>Undelivered, and the network blames the number.</summary>
    Blocked,

    Delivered,
}
