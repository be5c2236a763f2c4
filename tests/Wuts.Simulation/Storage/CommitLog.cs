using Orleans.InProcess.Simulation;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Simulation.World;
using Wuts.Storage.Writing;
using Wuts.Testing.Checking;
using Wuts.Testing.Memory;

namespace Wuts.Simulation.Storage;

/// <summary>Commits flushes, and keeps what the checker wants to know of each.</summary>
internal class CommitLog(Database database, Journal journal)
{
    private readonly List<FencedWrite> _fenced = [];
    private readonly List<Claim> _claims = [];
    private readonly List<ConsentRefusal> _refusals = [];

    /// <summary>The acceptances and claims, with the epoch that was the device's when they came.</summary>
    public IReadOnlyList<FencedWrite> Fenced => _fenced;

    /// <summary>The claims that were stored, those that came with an acceptance too.</summary>
    public IReadOnlyList<Claim> Claims => _claims;

    /// <summary>The messages that were stored as refused for want of consent.</summary>
    public IReadOnlyList<ConsentRefusal> Refusals => _refusals;

    /// <summary>Told of each message that was stored.</summary>
    public Action<Message> OnStored { get; set; } = static _ => { };

    protected Database Database => database;

    public FlushOutcome Commit(SimulatedNode silo, IReadOnlyList<StorageWrite> writes)
    {
        var epochs = writes.Select(CurrentEpoch).ToArray();
        var outcome = Store(writes);
        database.Consents.Look();
        for (var i = 0; i < writes.Count; i++)
        {
            if (writes[i] is StorageWrite.OfMessage write)
            {
                Keep(silo, write, epochs[i], outcome.Stored[i] > 0);
            }
            else
            {
                journal.Write("database", $"{silo.Name} stored {writes[i].Key}: {outcome.Stored[i]}");
                if (writes[i] is StorageWrite.OfSession session)
                {
                    _fenced.Add(new(database.Node.Clock.GetUtcNow(), session.Key, session.Epoch, epochs[i] ?? 0, outcome.Stored[i] > 0));
                }
            }
        }

        return outcome;
    }

    protected virtual FlushOutcome Store(IReadOnlyList<StorageWrite> writes) => new MemoryFlushTarget(database.Tables).Commit(writes);

    private void Keep(SimulatedNode silo, StorageWrite.OfMessage write, long? epoch, bool stored)
    {
        var message = write.Message;
        journal.Write("database", $"{silo.Name} {(stored ? "stored" : "was refused")} {message.Envelope.Id} v{message.Version} {message.State} under epoch {message.Epoch}");
        if (write.Fenced)
        {
            _fenced.Add(new(database.Node.Clock.GetUtcNow(), message.Envelope.Id, message.Epoch, epoch ?? 0, stored));
        }

        if (stored)
        {
            KeepAsked(write.Transition);
            OnStored(message);
        }
    }

    // What consent is asked for, and its place among all that was committed.
    private void KeepAsked(Transition transition)
    {
        var (now, place) = (database.Node.Clock.GetUtcNow(), database.Tables.Commits);
        var (message, envelope) = (transition.Message, transition.Message.Envelope);
        if (transition.Timeline.LastOrDefault(entry => entry.Kind == TimelineKind.Claimed) is { } claimed)
        {
            _claims.Add(new(now, envelope.TenantId, envelope.ChatJid, envelope.Id, envelope.Category, claimed.Attempt, place));
        }

        if (message is { State: MessageState.Rejected, LastFailure.Class: FailureClass.Consent })
        {
            _refusals.Add(new(now, envelope.TenantId, envelope.ChatJid, envelope.Id, envelope.Category, place));
        }
    }

    private long? CurrentEpoch(StorageWrite write) => write switch
    {
        StorageWrite.OfMessage { Message.Envelope: var envelope } => EpochOf(new(envelope.TenantId, envelope.DeviceId)),
        StorageWrite.OfSession { Device: var device } => EpochOf(device),
        _ => null,
    };

    private long? EpochOf(DeviceKey device) => database.Tables.Read(tables => tables.Devices.GetValueOrDefault(device)?.Epoch);
}
