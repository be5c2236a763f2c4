using Wuts.Domain.Delivery;
using Wuts.Storage.Writing;

namespace Wuts.Testing.Memory;

/// <summary>Flushes into a database in memory, with faults as the test says.</summary>
public sealed class ScriptedFlushTarget(MemoryDatabase database) : IFlushTarget
{
    private readonly MemoryFlushTarget _target = new(database);

    /// <summary>
    /// Asked before each message is written. It may throw (nothing of the flush is stored), wait, or ask for the answer to be lost.
    /// </summary>
    public Func<Message, Task<WriteFault>> BeforeWrite { get; set; } = _ => Task.FromResult(WriteFault.None);

    async Task<FlushOutcome> IFlushTarget.FlushAsync(IReadOnlyList<StorageWrite> writes)
    {
        var loseAnswer = false;
        foreach (var write in writes.OfType<StorageWrite.OfMessage>())
        {
            loseAnswer |= await BeforeWrite(write.Message) == WriteFault.LoseAnswer;
        }

        var outcome = _target.Commit(writes);
        return loseAnswer ? throw new IOException("The answer was lost.") : outcome;
    }
}

/// <summary>What is to go wrong with one write.</summary>
public enum WriteFault
{
    None,

    /// <summary>Its flush is committed, and everybody in it gets a <see cref="Storage.StorageUnavailableException"/>.</summary>
    LoseAnswer,
}
