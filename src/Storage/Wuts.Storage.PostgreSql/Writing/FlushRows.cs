using Wuts.Domain.Devices;
using Wuts.Storage.Counting;
using Wuts.Storage.Writing;

namespace Wuts.Storage.PostgreSql.Writing;

/// <summary>The rows of a flush by table, in the order of its writes.</summary>
internal sealed class FlushRows
{
    private readonly int _writes;

    public FlushRows(IReadOnlyList<StorageWrite> writes)
    {
        _writes = writes.Count;
        for (var i = 0; i < writes.Count; i++)
        {
            Add(i, writes[i]);
        }

        FencedDevices = [.. Inserts.Concat(Updates)
            .Where(write => write.Fenced)
            .Select(write => new DeviceKey(write.Message.Envelope.TenantId, write.Message.Envelope.DeviceId))
            .Concat(Health.Select(write => write.Device))
            .Distinct()
            .OrderBy(device => device.TenantId, StringComparer.Ordinal)
            .ThenBy(device => device.DeviceId, StringComparer.Ordinal)];
        Consenting = [.. Inserts.Concat(Updates)
            .Where(write => write.NeedsConsent)
            .Select(write => (write.Message.Envelope.TenantId, Changes: false))
            .Concat(Heard.Select(row => (row.Inbox.TenantId, Changes: true)))
            .Distinct()];
    }

    /// <summary>The tenants whose consents this flush looks at, and those whose consents it may change.</summary>
    public List<(string TenantId, bool Changes)> Consenting { get; }

    /// <summary>The devices whose epoch decides a write: each once, in the order in which they are locked.</summary>
    public List<DeviceKey> FencedDevices { get; }

    public List<StorageWrite.OfMessage> Inserts { get; } = [];

    public List<StorageWrite.OfMessage> Updates { get; } = [];

    public List<TimelineRow> Timeline { get; } = [];

    public List<NoteRow> Notes { get; } = [];

    public List<StorageWrite.OfSession> Sessions { get; } = [];

    public List<StorageWrite.OfHealth> Health { get; } = [];

    public List<InboxRow> Inbox { get; } = [];

    public List<HeardRow> Heard { get; } = [];

    public List<ContactRow> Contacts { get; } = [];

    public List<StorageWrite.OfProgress> Progress { get; } = [];

    public List<AttemptRow> Attempts { get; } = [];

    /// <summary>What may or may not be stored, each on its own, with what it adds to the counts; several may be of one write.</summary>
    public List<(string Key, string? CountDelta, int Write)> Items { get; } = [];

    /// <summary>How many things each write stored.</summary>
    /// <param name="missing">The numbers, from 1, of the items that were not stored.</param>
    public int[] Stored(long[] missing)
    {
        var stored = new int[_writes];
        foreach (var item in Items)
        {
            stored[item.Write]++;
        }

        foreach (var number in missing)
        {
            stored[Items[(int)number - 1].Write]--;
        }

        return stored;
    }

    private void Add(int index, StorageWrite write)
    {
        switch (write)
        {
            case StorageWrite.OfMessage message:
                (message.IsInsert ? Inserts : Updates).Add(message);
                Timeline.AddRange(TimelineRow.Of(message.Transition));
                Notes.AddRange(NoteRow.Of(message));
                Contacts.AddRange(ContactRow.Of(message));
                Items.Add((message.Key, MessageCounts.DeltaOf(message.Transition), index));
                break;
            case StorageWrite.OfSession session:
                Sessions.Add(session);
                Notes.AddRange(NoteRow.Of(session));
                Items.Add((session.Key, null, index));
                break;
            case StorageWrite.OfHealth health:
                Health.Add(health);
                Notes.AddRange(NoteRow.Of(health));
                Items.Add((health.Key, null, index));
                break;
            case StorageWrite.OfInbox inbox:
                var heard = inbox.Items.SelectMany(HeardRow.Of).ToList();
                Inbox.AddRange(inbox.Items);
                Heard.AddRange(heard);
                Notes.AddRange([.. inbox.Items.SelectMany(NoteRow.Of), .. heard.Select(NoteRow.Of)]);
                Contacts.AddRange(inbox.Items.SelectMany(ContactRow.Of));
                Items.AddRange(inbox.Items.Select(row => (row.Key, (string?)null, index)));
                break;
            case StorageWrite.OfProgress progress:
                Progress.Add(progress);
                Attempts.AddRange(AttemptRow.Of(progress.Progress));
                break;
            default:
                throw new InvalidOperationException($"There is no table for a {write.GetType().Name} write.");
        }
    }
}
