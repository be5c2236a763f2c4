using System.Collections.Immutable;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Storage;
using Wuts.Storage.Counting;
using Wuts.Storage.Sql;
using Wuts.Storage.Writing;

namespace Wuts.Testing.Memory;

/// <summary>Flushes into a database in memory. A double around it chooses the moment of <see cref="Commit"/>, and what the caller hears of it.</summary>
internal sealed class MemoryFlushTarget(MemoryDatabase database) : IFlushTarget
{
    // What the schema says NOT NULL of and a caller's mistake could leave out.
    private static readonly ImmutableArray<Column<Message>> RequiredOfMessage =
        [.. MessageColumns.Key, .. MessageColumns.Envelope.Where(column => column.Name != "trace_parent")];
    private static readonly ImmutableArray<Column<TimelineRow>> RequiredOfTimeline = [.. TimelineRow.Columns.Where(column => column.Name != "detail")];

    public Task<FlushOutcome> FlushAsync(IReadOnlyList<StorageWrite> writes) => Task.FromResult(Commit(writes));

    /// <summary>Stores the writes, all at once, before it returns.</summary>
    /// <exception cref="FlushRolledBackException">One of them is unacceptable: nothing was stored.</exception>
    public FlushOutcome Commit(IReadOnlyList<StorageWrite> writes)
    {
        // Whatever can fail fails here, because nothing is undone later.
        try
        {
            foreach (var write in writes)
            {
                Check(write);
            }
        }
#pragma warning disable CA1031 // As the databases do it: a value that cannot be rendered is a refusal, whatever it is that throws.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            throw new FlushRolledBackException(transient: false, exception);
        }

        return database.Write(tables => Store(tables, writes));
    }

    private static void Check(StorageWrite write)
    {
        switch (write)
        {
            case StorageWrite.OfMessage message:
                Require(message.Message, message.IsInsert ? RequiredOfMessage : MessageColumns.Key);
                foreach (var line in TimelineRow.Of(message.Transition))
                {
                    Require(line, RequiredOfTimeline);
                }

                break;
            case StorageWrite.OfInbox inbox:
                foreach (var row in inbox.Items)
                {
                    Require(row, InboxRow.Columns);
                }

                break;
            case StorageWrite.OfSession or StorageWrite.OfHealth or StorageWrite.OfProgress:
                break;
            default:
                throw new InvalidOperationException($"There is no table for a {write.GetType().Name} write.");
        }
    }

    private static void Require<TRow>(TRow row, ImmutableArray<Column<TRow>> columns)
    {
        foreach (var column in columns)
        {
            if (column.Of(row) is null)
            {
                throw new InvalidOperationException($"The column {column.Name} may not be null.");
            }
        }
    }

    private static FlushOutcome Store(MemoryTables tables, IReadOnlyList<StorageWrite> writes)
    {
        var stored = new int[writes.Count];
        var deltas = new List<string>();
        var endpoints = new List<EndpointKey>();
        for (var i = 0; i < stored.Length; i++)
        {
            stored[i] = writes[i] switch
            {
                StorageWrite.OfMessage message => Store(tables, message, deltas, endpoints),
                StorageWrite.OfSession session => Store(tables, session, endpoints),
                StorageWrite.OfHealth health => Store(tables, health, endpoints),
                StorageWrite.OfInbox inbox => inbox.Items.Count(row => Store(tables, row, endpoints)),
                var write => Store(tables, (StorageWrite.OfProgress)write),
            };
        }

        if (deltas.Count > 0)
        {
            tables.CountDeltas.Add($"[{string.Join(',', deltas)}]");
        }

        return new FlushOutcome(stored, [.. endpoints.Distinct()]);
    }

    private static int Store(MemoryTables tables, StorageWrite.OfMessage write, List<string> deltas, List<EndpointKey> endpoints)
    {
        var message = write.Message;
        if (write.Fenced && tables.Devices.GetValueOrDefault(new(message.Envelope.TenantId, message.Envelope.DeviceId))?.Epoch != message.Epoch)
        {
            return 0;
        }

        if (write.Transition.QuotaEpoch is { } epoch && tables.QuotaEpochs.GetValueOrDefault(message.Envelope.TenantId) != epoch)
        {
            return 0;
        }

        if (write.NeedsConsent && !tables.Consents.MayBeWritten(message.Envelope))
        {
            return 0;
        }

        if ((write.IsInsert ? tables.Messages.Insert(message) : tables.Messages.Update(message)) is not { } row)
        {
            return 0;
        }

        row.Timeline.AddRange(write.Transition.Timeline.Select(entry => entry with { At = entry.At.AsStored() }));
        Keep(tables, ContactRow.Of(write));
        Publish(tables, NoteRow.Of(write), endpoints);
        if (MessageCounts.DeltaOf(write.Transition) is { } delta)
        {
            deltas.Add(delta);
        }

        return 1;
    }

    private static int Store(MemoryTables tables, StorageWrite.OfSession write, List<EndpointKey> endpoints)
    {
        if (tables.Devices.GetValueOrDefault(write.Device) is not { } device || device.Epoch != write.Epoch)
        {
            return 0;
        }

        tables.Devices[write.Device] = device with
        {
            Session = write.Session.AsStored(write.ProtectedCredentials),
            UpdatedAt = write.At.AsStored(),
        };
        Publish(tables, NoteRow.Of(write), endpoints);
        return 1;
    }

    private static int Store(MemoryTables tables, StorageWrite.OfHealth write, List<EndpointKey> endpoints)
    {
        if (tables.Devices.GetValueOrDefault(write.Device)?.Epoch != write.Epoch)
        {
            return 0;
        }

        tables.Health[write.Device] = write.Json;
        Publish(tables, NoteRow.Of(write), endpoints);
        return 1;
    }

    private static bool Store(MemoryTables tables, InboxRow row, List<EndpointKey> endpoints)
    {
        if (!tables.Inbox.TryAdd(row.Key, row))
        {
            return false;
        }

        Keep(tables, ContactRow.Of(row));
        Publish(tables, NoteRow.Of(row), endpoints);
        foreach (var heard in HeardRow.Of(row))
        {
            if (tables.Consents.Apply(heard.Heard.Consent).Changed)
            {
                Publish(tables, [NoteRow.Of(heard)], endpoints);
            }
        }

        return true;
    }

    private static int Store(MemoryTables tables, StorageWrite.OfProgress write)
    {
        tables.Webhooks.Save(write.Progress);
        return 1;
    }

    private static void Keep(MemoryTables tables, IEnumerable<ContactRow> rows)
    {
        foreach (var row in rows)
        {
            var device = new DeviceKey(row.TenantId, row.DeviceId);
            if (!tables.Contacts.TryGetValue(device, out var contacts))
            {
                tables.Contacts.Add(device, contacts = new(StringComparer.Ordinal));
            }

            contacts[row.Contact.ChatJid] = ContactRow.MergedWith(contacts.GetValueOrDefault(row.Contact.ChatJid), row.Contact.AsStored());
        }
    }

    private static void Publish(MemoryTables tables, IEnumerable<NoteRow> notes, List<EndpointKey> endpoints) =>
        endpoints.AddRange(notes.Select(tables.Webhooks.Publish).OfType<EndpointKey>());
}
