using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Wuts.Storage.Writing;

/// <summary>
/// Group commit: whatever queued while the last flush ran becomes the next flush, one transaction. It never waits for more to
/// come, and when more waits than fits it takes from the tenants in turn. Each caller gets its own outcome.
/// </summary>
/// <remarks>Disposing it stores what was taken, and takes nothing more.</remarks>
internal sealed partial class BatchWriter : IAsyncDisposable
{
    private const int MaxTries = 5;

    private readonly IFlushTarget _target;
    private readonly IOutboxListener? _listener;
    private readonly ILogger<BatchWriter> _logger;
    private readonly int _maxRows;
    private readonly WaitingWrites _waiting;
    private readonly Task _loop;

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
        _waiting = new(options.Value.MaxWaiting);
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
        if (!_waiting.TryAdd(pending))
        {
            throw new StorageUnavailableException(_waiting.IsClosed
                ? "The storage is closed: the write was not taken."
                : "Too many writes wait for the database: the write was not taken.");
        }

        return await pending.OutcomeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Close();
        await _loop;
    }

    private async Task RunAsync()
    {
        while (await _waiting.WaitAsync())
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
        var batch = _waiting.Take(_maxRows);

        // Rows are locked in this order, so that two processes do not wait for each other in a circle.
        batch.Sort(static (a, b) => string.CompareOrdinal(a.Write.Key, b.Write.Key));
        return batch;
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
