namespace Wuts.Transports.Simulator.Log;

/// <summary>
/// Writes the log in batches: whatever was appended while the last batch was being written is the next one. So a lone line is
/// written at once, and a flood costs few writes.
/// </summary>
internal sealed class NetworkLog(LogFile file) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Batch _next = new();
    private Batch? _writing;
    private Exception? _broken;
    private bool _closed;

    /// <summary>The number of the last line appended, written or not.</summary>
    public long LastSeq { get; private set; } = file.LastSeq;

    /// <summary>Takes the next line. Lines must come in order of their number.</summary>
    /// <exception cref="IOException">The log could not be written before; the network must not go on without it.</exception>
    public void Append(LogEntry entry)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_broken is not null)
            {
                throw new IOException("The simulator's log cannot be written.", _broken);
            }

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

    /// <summary>Completes when a line that was appended is in the file, and with it all lines before it.</summary>
    public Task WrittenAsync(long seq)
    {
        lock (_gate)
        {
            return _next.Entries.Count > 0 && seq >= _next.Entries[0].Seq ? _next.Written.Task
                : _writing is not null && seq >= _writing.Entries[0].Seq ? _writing.Written.Task
                : _broken is not null ? Task.FromException(_broken)
                : Task.CompletedTask;
        }
    }

    public Task FlushAsync() => WrittenAsync(LastSeq);

    public async Task<LogPage> ReadAsync(long after, int limit, LogFilter filter, CancellationToken cancellationToken)
    {
        const int MostLinesLookedAt = 50_000;
        await FlushAsync().WaitAsync(cancellationToken);
        return file.Read(after, limit, MostLinesLookedAt, filter.Matches);
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed = true;
        }

        await FlushAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        file.Dispose();
    }

    private void WriteAll()
    {
        while (true)
        {
            var batch = _writing!;
            bool more;
            Exception? broken = null;
            try
            {
                file.Append(batch.Entries);
            }
            catch (Exception e)
            {
                broken = e;
            }

            lock (_gate)
            {
                _broken ??= broken;
                if (_broken is not null)
                {
                    Swap().Written.TrySetException(_broken);
                }

                more = _next.Entries.Count > 0;
                _writing = more ? Swap() : null;
            }

            // The caller's promise is kept or broken only now, when whoever asks again sees the same.
            _ = broken is null ? batch.Written.TrySetResult() : batch.Written.TrySetException(broken);
            if (!more)
            {
                return;
            }
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
