using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Wuts.Storage.Writing;

/// <summary>
/// Group commit: whatever queued while the last flush ran becomes the next flush, one transaction. It never waits for more to
/// come. Each caller gets its own outcome.
/// </summary>
/// <remarks>Disposing it stores what was taken, and takes nothing more.</remarks>
internal sealed partial class BatchWriter : IAsyncDisposable
{
    private const int MaxTries = 5;

    private readonly IFlushTarget _target;
    private readonly IOutboxListener? _listener;
    private readonly ILogger<BatchWriter> _logger;
    private readonly int _maxRows;
    private readonly Channel<PendingWrite> _queue;
    private readonly Task _loop;

    // Only the loop touches it: writes whose key was in the last flush already, or for which it had no room, in their order.
    private List<PendingWrite> _held = [];

    private volatile bool _closed;

    /// <param name="scheduler">Where its loop runs; the thread pool if none is given.</param>
    public BatchWriter(
        IFlushTarget target,
        IOptions<BatchWriterOptions> options,
        ILogger<BatchWriter> logger,
        IOutboxListener? listener = null,
        TaskScheduler? scheduler = null)
    {
        _target = target;
        _listener = listener;
        _logger = logger;
        _maxRows = options.Value.MaxRows;
        _queue = Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(options.Value.MaxWaiting) { SingleReader = true });
        _loop = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.None, scheduler ?? TaskScheduler.Default).Unwrap();
    }

    /// <summary>Stores a write with the next flush, and says how many new things it stored: see <see cref="FlushOutcome"/>.</summary>
    /// <param name="cancellationToken">Gives up waiting. A write that is not in a flush yet is dropped; otherwise its outcome stays unknown.</param>
    /// <exception cref="StorageUnavailableException">Its outcome is unknown, or too many writes wait already.</exception>
    /// <exception cref="InvalidOperationException">The database will not take this write, ever. Nothing of it was stored.</exception>
    public async Task<int> WriteAsync(StorageWrite write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new PendingWrite(write, cancellationToken);
        if (!_queue.Writer.TryWrite(pending))
        {
            throw new StorageUnavailableException(_closed
                ? "The storage is closed: the write was not taken."
                : "Too many writes wait for the database: the write was not taken.");
        }

        return await pending.OutcomeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        _queue.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync()
    {
        while (_held.Count > 0 || await _queue.Reader.WaitToReadAsync())
        {
            var batch = Take();
            if (batch.Count > 0)
            {
                await FlushAsync(batch);
            }
        }
    }

    private List<PendingWrite> Take()
    {
        var batch = new List<PendingWrite>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var rows = 0;
        var held = _held;
        _held = [];
        foreach (var pending in held)
        {
            Consider(pending);
        }

        while (rows < _maxRows && _queue.Reader.TryRead(out var pending))
        {
            Consider(pending);
        }

        // Rows are locked in this order, so that two processes do not wait for each other in a circle.
        batch.Sort(static (a, b) => string.CompareOrdinal(a.Write.Key, b.Write.Key));
        return batch;

        void Consider(PendingWrite pending)
        {
            if (pending.IsAbandoned)
            {
                return;
            }

            if (rows >= _maxRows || !keys.Add(pending.Write.Key))
            {
                _held.Add(pending);
                return;
            }

            rows += pending.Write.Rows;
            batch.Add(pending);
        }
    }

    private async Task FlushAsync(List<PendingWrite> batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            var started = WriterMetrics.Start();
            try
            {
                var outcome = await _target.FlushAsync(batch.ConvertAll(static pending => pending.Write));
                WriterMetrics.Flushed(started, batch.Count);
                Complete(batch, outcome);
                return;
            }
            catch (FlushRolledBackException rolledBack) when (rolledBack.Transient && attempt < MaxTries)
            {
                Log.FlushRepeated(_logger, batch.Count, rolledBack.Message);
            }
            catch (FlushRolledBackException rolledBack) when (!rolledBack.Transient)
            {
                await IsolateAsync(batch, rolledBack);
                return;
            }
#pragma warning disable CA1031 // Whatever it was, each caller must hear of it, and the next flush must get its chance.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                WriterMetrics.Failed();
                Log.FlushFailed(_logger, exception, batch.Count);
                batch.ForEach(pending => pending.Fail(new StorageUnavailableException(
                    "The database did not confirm the write: whether it was stored is unknown.", exception)));
                return;
            }
        }
    }

    // One unacceptable row undid the work of all: halve until it stands alone, so that nobody else suffers from it.
    private async Task IsolateAsync(List<PendingWrite> batch, FlushRolledBackException rolledBack)
    {
        if (batch.Count == 1)
        {
            Log.WriteRefused(_logger, rolledBack, batch[0].Write.GetType().Name);
            batch[0].Fail(new InvalidOperationException($"The database does not accept this write: {rolledBack.Message}", rolledBack));
            return;
        }

        var half = batch.Count / 2;
        await FlushAsync(batch.GetRange(0, half));
        await FlushAsync(batch.GetRange(half, batch.Count - half));
    }

    private void Complete(List<PendingWrite> batch, FlushOutcome outcome)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            batch[i].Complete(outcome.Stored[i]);
        }

        if (outcome.Endpoints.Count > 0)
        {
            _listener?.OnCommitted(outcome.Endpoints);
        }
    }
}
