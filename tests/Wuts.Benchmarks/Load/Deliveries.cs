using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Wuts.Benchmarks.Load;

/// <summary>Which webhook events came for which message, and how often.</summary>
internal sealed class Deliveries
{
    private const int Kinds = 4;
    private const int Shards = 64;

    private readonly Dictionary<UInt128, uint>[] _shards = [.. Enumerable.Range(0, Shards).Select(_ => new Dictionary<UInt128, uint>())];
    private long _posts;
    private long _complete;
    private long _lastAt;

    /// <summary>All posts, repeated ones too.</summary>
    public long Posts => Interlocked.Read(ref _posts);

    /// <summary>Messages of which all four events came.</summary>
    public long Complete => Interlocked.Read(ref _complete);

    /// <summary>When the last of those became complete, as a timestamp of <see cref="Stopwatch"/>.</summary>
    public long LastAt => Interlocked.Read(ref _lastAt);

    /// <summary>Notes a post that is about a message.</summary>
    /// <param name="kind">0 to 3: sent, delivered, read, played.</param>
    public void Note(UInt128 message, int kind)
    {
        Interlocked.Increment(ref _posts);
        var shard = ShardOf(message);
        lock (shard)
        {
            // A byte for each event, which counts its posts.
            ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(shard, message, out _);
            var before = counts;
            counts += 1u << (8 * kind);
            if (IsComplete(before) || !IsComplete(counts))
            {
                return;
            }
        }

        Interlocked.Exchange(ref _lastAt, Stopwatch.GetTimestamp());
        Interlocked.Increment(ref _complete);
    }

    /// <summary>Compares with what was accepted: the messages that lack an event, how many posts were repeated, and how many messages nobody accepted.</summary>
    public (List<UInt128> Incomplete, long Repeated, int Unknown) Compare(IReadOnlyCollection<UInt128> accepted)
    {
        var incomplete = accepted.Where(message => !ShardOf(message).TryGetValue(message, out var counts) || !IsComplete(counts)).ToList();
        var known = accepted.ToHashSet();
        var unknown = _shards.Sum(shard => shard.Keys.Count(message => !known.Contains(message)));
        var repeated = _shards.Sum(shard => shard.Values.Sum(static counts => Enumerable.Range(0, Kinds).Sum(kind => Math.Max(0, CountOf(counts, kind) - 1))));
        return (incomplete, repeated, unknown);
    }

    private static bool IsComplete(uint counts) => CountOf(counts, 0) > 0 && CountOf(counts, 1) > 0 && CountOf(counts, 2) > 0 && CountOf(counts, 3) > 0;

    private static long CountOf(uint counts, int kind) => (counts >> (8 * kind)) & 0xFF;

    private Dictionary<UInt128, uint> ShardOf(UInt128 message) => _shards[(int)((ulong)message % Shards)];
}
