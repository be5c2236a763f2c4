using System.Diagnostics;
using Wuts.Benchmarks.Databases;
using Wuts.Benchmarks.Measuring;

namespace Wuts.Benchmarks.Load;

/// <summary>Puts one load on an installation and sees it through to the last webhook.</summary>
internal sealed class LoadRun(BenchmarkDatabase database, Installation installation, WebhookSink sink, int clientCount)
{
    // Longer than any pause of a healthy system; what comes later counts as missing.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private int _left;

    /// <summary>Sends messages until all are sent or time is up, and waits for their webhooks.</summary>
    public async Task<LoadFigures> RunAsync(int messages, TimeSpan limit)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, UseCookies = false, PooledConnectionLifetime = Timeout.InfiniteTimeSpan });
        using var flushes = new Flushes();
        var clients = Enumerable.Range(0, clientCount).Select(number => new LoadClient(http, installation, number)).ToArray();
        sink.Deliveries = new();
        _left = messages;
        Usage.ResetPeakMemory();
        var usedBefore = Usage.Now(database);
        var startedAt = Stopwatch.GetTimestamp();

        await Task.WhenAll(clients.Select(client => Task.Run(() => client.RunAsync(TakeOne))));
        var answered = Stopwatch.GetElapsedTime(startedAt);
        var accepted = clients.SelectMany(client => client.Accepted).ToArray();
        await AllDeliveredAsync(accepted.Length);

        var (incomplete, repeated, unknown) = sink.Deliveries.Compare(accepted);
        return new()
        {
            Accepted = accepted.Length,
            Answered = answered,
            Complete = accepted.Length - incomplete.Count,
            Through = Stopwatch.GetElapsedTime(startedAt, Math.Max(sink.Deliveries.LastAt, startedAt + 1)),
            Accept = Merge(clients.Select(client => client.Accept)),
            Dispatch = Merge(clients.Select(client => client.Dispatch)),
            Used = Usage.Now(database) - usedBefore,
            PeakMemory = Usage.ReadPeakMemory(),
            Flushes = flushes.Read(),
            Incomplete = [.. incomplete.Select(MessageNumber.ToId)],
            Repeated = repeated,
            Unknown = unknown,
            Refused = clients.SelectMany(client => client.Refused).GroupBy(r => r.Key, r => r.Value).ToDictionary(g => g.Key, g => g.Sum()),
        };

        bool TakeOne() => Stopwatch.GetElapsedTime(startedAt) < limit && Interlocked.Decrement(ref _left) >= 0;
    }

    private async Task AllDeliveredAsync(int expected)
    {
        var (posts, changedAt) = (sink.Deliveries.Posts, Stopwatch.GetTimestamp());
        while (sink.Deliveries.Complete < expected && Stopwatch.GetElapsedTime(changedAt) < Patience)
        {
            await Task.Delay(5);
            if (sink.Deliveries.Posts != posts)
            {
                (posts, changedAt) = (sink.Deliveries.Posts, Stopwatch.GetTimestamp());
            }
        }
    }

    private static Latencies Merge(IEnumerable<Latencies> parts)
    {
        var all = new Latencies();
        foreach (var part in parts)
        {
            all.AddAll(part);
        }

        return all;
    }
}
