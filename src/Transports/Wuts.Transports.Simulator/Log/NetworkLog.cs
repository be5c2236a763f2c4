using Microsoft.Extensions.Logging;

namespace Wuts.Transports.Simulator.Log;

/// <summary>
/// Writes the log in batches: whatever was appended while the last batch was being written is the next one. So a lone line is
/// written at once, and a flood costs few writes. What cannot be written, as on a full disk, is tried again until it can: the
/// network's state is ahead of the file by then, and whoever waits for a line waits on.
/// </summary>
internal sealed partial class NetworkLog : IAsyncDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly LogFile _file;
    private readonly ILogger _logger;
    private readonly ITimer _retry;
    private Batch _next = new();
    private Batch? _writing;
    private Exception? _lost;
    private bool _failing;
    private bool _resting;
    private bool _closed;

    public NetworkLog(LogFile file, TimeProvider clock, ILogger logger)
    {
        _file = file;
        _logger = logger;
        _retry = clock.CreateTimer(static log => ((NetworkLog)log!).WriteAgain(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        LastSeq = file.LastSeq;
    }

    /// <summary>The number of the last line appended, written or not.</summary>
    public long LastSeq { get; private set; }

    /// <summary>Takes the next line. Lines must come in order of their number.</summary>
    public void Append(LogEntry entry)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _next.Entries.Add(entry);
            LastSeq = entry.Seq;
            if (_writing is not null)
            {
                return;
            }

            _writing = Swap();
        }

        ThreadPool.UnsafeQueueUserWorkItem(static log => log.WriteAll(), this, preferLocal: false);
    }

    /// <summary>Completes when a line that was appended is in the file, and with it all lines before it. Fails only when the log closes without it.</summary>
    public Task WrittenAsync(long seq)
    {
        lock (_gate)
        {
            return _next.Entries.Count > 0 && seq >= _next.Entries[0].Seq ? _next.Written.Task
                : _writing is not null && seq >= _writing.Entries[0].Seq ? _writing.Written.Task
                : _lost is not null ? Task.FromException(_lost)
                : Task.CompletedTask;
        }
    }

    public Task FlushAsync() => WrittenAsync(LastSeq);

    public async Task<LogPage> ReadAsync(long after, int limit, LogFilter filter, CancellationToken cancellationToken)
    {
        const int MostLinesLookedAt = 50_000;
        await FlushAsync().WaitAsync(cancellationToken);
        return _file.Read(after, limit, MostLinesLookedAt, filter.Matches);
    }

    public async ValueTask DisposeAsync()
    {
        bool resting;
        lock (_gate)
        {
            _closed = true;
            resting = _resting;
        }

        if (resting)
        {
            _retry.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan); // one last time
        }

        await FlushAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _retry.DisposeAsync();
        _file.Dispose();
    }

    private void WriteAgain()
    {
        lock (_gate)
        {
            if (!_resting)
            {
                return; // woken twice
            }

            _resting = false;
        }

        WriteAll();
    }

    private void WriteAll()
    {
        while (true)
        {
            var batch = _writing!;
            try
            {
                _file.Append(batch.Entries);
            }
            catch (Exception e)
            {
                Rest(batch, e);
                return;
            }

            bool more, recovered;
            lock (_gate)
            {
                (recovered, _failing) = (_failing, false);
                more = _next.Entries.Count > 0;
                _writing = more ? Swap() : null;
            }

            if (recovered)
            {
                Logged.Recovered(_logger);
            }

            // The caller's promise is kept only now, when whoever asks again sees the same.
            batch.Written.TrySetResult();
            if (!more)
            {
                return;
            }
        }
    }

    // The batch stays the one being written, so that nothing overtakes it. Writing it again begins at the same place of the file.
    private void Rest(Batch batch, Exception error)
    {
        bool first, closed;
        lock (_gate)
        {
            closed = _closed;
            first = !_failing;
            (_failing, _resting) = (true, !closed);
            if (closed)
            {
                (_lost, _writing) = (error, null);
                Swap().Written.TrySetException(error);
            }
            else
            {
                _retry.Change(RetryPause, Timeout.InfiniteTimeSpan);
            }
        }

        if (first || closed)
        {
            Logged.Failed(_logger, error);
        }

        if (closed)
        {
            batch.Written.TrySetException(error);
        }
    }

    private Batch Swap()
    {
        var batch = _next;
        _next = new Batch();
        return batch;
    }

    private sealed class Batch
    {
        public List<LogEntry> Entries { get; } = [];

        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
