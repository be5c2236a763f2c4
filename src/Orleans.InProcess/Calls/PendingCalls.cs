namespace Orleans.InProcess;

/// <summary>
/// The calls that wait for an answer. One coarse timer looks through all of them, so that a call costs two short locks instead
/// of a timer of its own: a timeout comes up to one period late, never early. It stands still while there are none.
/// </summary>
internal sealed class PendingCalls(TimeProvider clock, TimeSpan responseTimeout) : IDisposable
{
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _period = responseTimeout < LongestPeriod && responseTimeout > TimeSpan.Zero ? responseTimeout : LongestPeriod;
    private readonly Shard[] _shards = [.. Enumerable.Range(0, 16).Select(_ => new Shard())];
    private ITimer? _sweep;
    private long _tick;
    private int _sweeping;

    public void Start()
    {
        _sweep = clock.CreateDetachedTimer(static calls => calls.Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        EnsureSweeping();
    }

    public void Dispose() => _sweep?.Dispose();

    public void Add(Call call)
    {
        call.DueTick = Volatile.Read(ref _tick) + TicksOf(call.Timeout);
        call.PendingShard = Environment.CurrentManagedThreadId % _shards.Length;
        var shard = _shards[call.PendingShard];
        lock (shard.Gate)
        {
            call.NextPending = shard.First;
            if (shard.First is { } first)
            {
                first.PreviousPending = call;
            }

            shard.First = call;
        }

        EnsureSweeping();
        if (call.IsAnswered)
        {
            Remove(call); // its caller cancelled it meanwhile
        }
    }

    public void Remove(Call call)
    {
        if (call.PendingShard < 0)
        {
            return; // a one-way call, or one that never left
        }

        var shard = _shards[call.PendingShard];
        lock (shard.Gate)
        {
            if (call.PreviousPending is { } previous)
            {
                previous.NextPending = call.NextPending;
            }
            else if (shard.First == call)
            {
                shard.First = call.NextPending;
            }

            if (call.NextPending is { } next)
            {
                next.PreviousPending = call.PreviousPending;
            }

            call.PreviousPending = call.NextPending = null;
        }
    }

    public void RejectAll(Func<Exception> reason)
    {
        foreach (var call in Find(static _ => true))
        {
            call.Reject(reason());
        }
    }

    private void Sweep()
    {
        var now = Interlocked.Increment(ref _tick);
        foreach (var call in Find(call => call.DueTick <= now))
        {
            call.TimeOut();
        }

        // A call that is added right after the look sees that nobody sweeps, and starts it again.
        Volatile.Write(ref _sweeping, 0);
        if (_shards.Any(static shard => shard.First is not null))
        {
            EnsureSweeping();
        }
    }

    private void EnsureSweeping()
    {
        if (_sweep is { } sweep && Interlocked.Exchange(ref _sweeping, 1) == 0)
        {
            sweep.Change(_period, Timeout.InfiniteTimeSpan);
        }
    }

    // One tick is added because a call may be made right before the next sweep.
    private long TicksOf(TimeSpan timeout) =>
        timeout == System.Threading.Timeout.InfiniteTimeSpan ? long.MaxValue / 2 : ((timeout.Ticks + _period.Ticks - 1) / _period.Ticks) + 1;

    private List<Call> Find(Predicate<Call> wanted)
    {
        var found = new List<Call>();
        foreach (var shard in _shards)
        {
            lock (shard.Gate)
            {
                for (var call = shard.First; call is not null; call = call.NextPending)
                {
                    if (wanted(call))
                    {
                        found.Add(call);
                    }
                }
            }
        }

        return found;
    }

    private sealed class Shard
    {
        public Lock Gate { get; } = new();

        public volatile Call? First;
    }
}
