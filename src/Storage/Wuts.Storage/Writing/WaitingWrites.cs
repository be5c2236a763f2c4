using Wuts.Domain.Quotas;

namespace Wuts.Storage.Writing;

/// <summary>
/// The writes that wait for a flush. A flush takes them from the tenants in turn, so that one that writes much does not make the others
/// wait for more than one flush. Those of one key keep their order. Used by any thread.
/// </summary>
/// <param name="most">Writes that may wait before tenants with more than an equal part of them are refused; twice as many are refused to all.</param>
internal sealed class WaitingWrites(int most)
{
    private readonly Lock _gate = new();
    private readonly FairQueue<string, PendingWrite> _first = new();

    // For each key in _first the writes that come after it.
    private readonly Dictionary<string, Queue<PendingWrite>?> _behind = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _tenants = new(StringComparer.Ordinal);
    private TaskCompletionSource _news = NewSignal();
    private int _count;
    private bool _closed;

    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _closed;
            }
        }
    }

    /// <summary>Takes a write in; <c>false</c> when it is closed, or too many wait.</summary>
    public bool TryAdd(PendingWrite pending)
    {
        lock (_gate)
        {
            var own = _tenants.GetValueOrDefault(pending.Write.TenantId);
            if (_closed || (_count >= most && (_count >= 2L * most || own >= EqualPart(own))))
            {
                return false;
            }

            _tenants[pending.Write.TenantId] = own + 1;
            _count++;
            if (!_behind.TryGetValue(pending.Write.Key, out var behind))
            {
                _behind.Add(pending.Write.Key, null);
                _first.Enqueue(pending.Write.TenantId, 1, pending);
            }
            else
            {
                _behind[pending.Write.Key] = behind ??= new();
                behind.Enqueue(pending);
            }

            _news.TrySetResult();
            return true;
        }
    }

    /// <summary>Takes no more in.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _news.TrySetResult();
        }
    }

    /// <summary>Waits until there is something to take; <c>false</c> when there will be nothing any more.</summary>
    public async Task<bool> WaitAsync()
    {
        while (true)
        {
            Task news;
            lock (_gate)
            {
                if (_count > 0 || _closed)
                {
                    return _count > 0;
                }

                _news = NewSignal();
                news = _news.Task;
            }

            await news;
        }
    }

    /// <summary>Takes writes of different keys until they make so many rows. Those whose callers gave up are dropped.</summary>
    public List<PendingWrite> Take(int maxRows)
    {
        var batch = new List<PendingWrite>();
        lock (_gate)
        {
            for (var rows = 0; rows < maxRows && _first.TryDequeue(out var tenant, out var pending);)
            {
                _count--;
                Discount(tenant);
                if (pending.IsAbandoned)
                {
                    BringUp(pending.Write.Key);
                    continue;
                }

                rows += pending.Write.Rows;
                batch.Add(pending);
            }

            batch.ForEach(pending => BringUp(pending.Write.Key)); // for the next flush
        }

        return batch;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int EqualPart(int own) => most / Math.Max(1, own == 0 ? _tenants.Count + 1 : _tenants.Count);

    private void Discount(string tenant)
    {
        if (--_tenants[tenant] == 0)
        {
            _tenants.Remove(tenant);
        }
    }

    private void BringUp(string key)
    {
        if (_behind[key] is { Count: > 0 } behind)
        {
            var next = behind.Dequeue();
            _first.Enqueue(next.Write.TenantId, 1, next);
        }
        else
        {
            _behind.Remove(key);
        }
    }
}
