using System.Threading.Channels;
using Wuts.Storage.Writing;

namespace Wuts.Storage.Tests.Writing;

/// <summary>A database whose flushes wait until the test says how they end.</summary>
internal sealed class FakeFlushTarget : IFlushTarget
{
    private readonly Channel<Flush> _flushes = Channel.CreateUnbounded<Flush>();

    public Task<FlushOutcome> FlushAsync(IReadOnlyList<StorageWrite> writes)
    {
        var flush = new Flush(writes);
        _flushes.Writer.TryWrite(flush);
        return flush.End.Task;
    }

    public async Task<Flush> NextFlush()
    {
        try
        {
            return await _flushes.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException("No flush came.");
        }
    }

    internal sealed class Flush(IReadOnlyList<StorageWrite> writes)
    {
        public TaskCompletionSource<FlushOutcome> End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IEnumerable<string> Keys => writes.Select(write => write.Key);

        public IReadOnlyList<StorageWrite> Writes => writes;

        public void Commit(Func<StorageWrite, int>? stored = null) => End.SetResult(new FlushOutcome([.. writes.Select(stored ?? (_ => 1))], []));

        public void Break() => End.SetException(new IOException("the line broke"));

        public void RollBack(bool transient) => End.SetException(new FlushRolledBackException(transient, new IOException("rolled back")));
    }
}
