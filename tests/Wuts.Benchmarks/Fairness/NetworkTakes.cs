using Wuts.Benchmarks.Load;

namespace Wuts.Benchmarks.Fairness;

/// <summary>What reached the simulated network by its own log, which knows nothing of ours.</summary>
/// <param name="times">When it took each message, in order.</param>
internal sealed class NetworkTakes(double[] times, int repeated)
{
    public int Count => times.Length;

    /// <summary>Messages that came though they had been taken before.</summary>
    public int Repeated => repeated;

    public static async Task<NetworkTakes> ReadAsync(Uri network)
    {
        using var client = new SetUpClient(network);
        var taken = await ReadAsync(client, "accepted");
        var again = await ReadAsync(client, "duplicate");
        return new([.. taken.Select(t => t.At)], again.Count + taken.Count - taken.DistinctBy(t => t.Id).Count());
    }

    /// <summary>The most that it took in any one second, wherever that second begins.</summary>
    public int MostInASecond(Stretch time)
    {
        double[] within = [.. times.Where(time.Contains)];
        var (first, most) = (0, 0);
        for (var last = 0; last < within.Length; last++)
        {
            while (within[last] - within[first] >= 1)
            {
                first++;
            }

            most = Math.Max(most, last - first + 1);
        }

        return most;
    }

    // What is written while we read is not of the run any more.
    private static async Task<List<(string Id, double At)>> ReadAsync(SetUpClient client, string kind)
    {
        var lines = new List<(string, double)>();
        for (var (next, end) = (0L, long.MaxValue); next < end;)
        {
            var page = await client.GetAsync($"/simulator/log?kind={kind}&after={next}&limit=1000");
            end = Math.Min(end, (long)page["last_seq"]!);
            next = (long)page["next"]!;
            lines.AddRange(page["entries"]!.AsArray().Select(line => ((string)line!["id"]!, Stretch.Of((DateTimeOffset)line["at"]!))));
        }

        return lines;
    }
}
