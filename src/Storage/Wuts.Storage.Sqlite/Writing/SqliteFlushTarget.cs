using Microsoft.Data.Sqlite;
using Wuts.Domain.Compliance;
using Wuts.Storage.Counting;
using Wuts.Storage.Sql;
using Wuts.Storage.Writing;

namespace Wuts.Storage.Sqlite.Writing;

/// <summary>A flush is one transaction on the write connection, row by row with prepared statements.</summary>
internal sealed class SqliteFlushTarget(SqliteDatabase database) : IFlushTarget
{
    public async Task<FlushOutcome> FlushAsync(IReadOnlyList<StorageWrite> writes)
    {
        try
        {
            return await database.WriteAsync(writer => Flush(writer, writes));
        }
        catch (Exception exception) when (exception is not SqliteException refused || SqliteErrors.IsRefusal(refused))
        {
            // Either the database or a value of ours: whatever came of it in between was rolled back.
            throw new FlushRolledBackException(transient: false, exception);
        }
    }

    private static FlushOutcome Flush(SqliteWriteConnection writer, IReadOnlyList<StorageWrite> writes)
    {
        var stored = new int[writes.Count];
        var deltas = new List<string>(writes.Count);
        var endpoints = new HashSet<EndpointKey>();
        for (var i = 0; i < stored.Length; i++)
        {
            stored[i] = writes[i] switch
            {
                StorageWrite.OfMessage message => Store(writer, message, deltas, endpoints),
                StorageWrite.OfSession session => Store(writer, session, endpoints),
                StorageWrite.OfHealth health => Store(writer, health, endpoints),
                StorageWrite.OfInbox inbox => inbox.Items.Sum(row => Store(writer, row, endpoints)),
                StorageWrite.OfProgress progress => Store(writer, progress),
                var write => throw new InvalidOperationException($"There is no table for a {write.GetType().Name} write."),
            };
        }

        if (deltas.Count > 0)
        {
            FlushStatements.CountDeltas.Execute(writer, $"[{string.Join(',', deltas)}]");
        }

        return new FlushOutcome(stored, endpoints);
    }

    private static int Store(SqliteWriteConnection writer, StorageWrite.OfMessage write, List<string> deltas, HashSet<EndpointKey> endpoints)
    {
        if ((write.IsInsert ? FlushStatements.Insert : FlushStatements.Update).Execute(writer, write) == 0)
        {
            return 0;
        }

        foreach (var line in TimelineRow.Of(write.Transition))
        {
            FlushStatements.Timeline.Execute(writer, line);
        }

        Keep(writer, ContactRow.Of(write));
        Publish(writer, NoteRow.Of(write), endpoints);
        if (MessageCounts.DeltaOf(write.Transition) is { } delta)
        {
            deltas.Add(delta);
        }

        return 1;
    }

    private static int Store(SqliteWriteConnection writer, StorageWrite.OfSession write, HashSet<EndpointKey> endpoints)
    {
        if (FlushStatements.Session.Execute(writer, write) == 0)
        {
            return 0;
        }

        Publish(writer, NoteRow.Of(write), endpoints);
        return 1;
    }

    private static int Store(SqliteWriteConnection writer, StorageWrite.OfHealth write, HashSet<EndpointKey> endpoints)
    {
        if (FlushStatements.Health.Execute(writer, write) == 0)
        {
            return 0;
        }

        Publish(writer, NoteRow.Of(write), endpoints);
        return 1;
    }

    private static int Store(SqliteWriteConnection writer, InboxRow row, HashSet<EndpointKey> endpoints)
    {
        if (FlushStatements.Inbox.Execute(writer, row) == 0)
        {
            return 0;
        }

        Keep(writer, ContactRow.Of(row));
        Publish(writer, NoteRow.Of(row), endpoints);
        foreach (var heard in HeardRow.Of(row))
        {
            Hear(writer, heard, endpoints);
        }

        return 1;
    }

    private static void Hear(SqliteWriteConnection writer, HeardRow heard, HashSet<EndpointKey> endpoints)
    {
        var known = FlushStatements.KnownConsent.Bind(writer, heard).ExecuteScalar() as string;
        if (FlushStatements.Consent.Execute(writer, heard) > 0 && known != StoredName<ConsentState>.Of(heard.Heard.Consent.State))
        {
            Publish(writer, [NoteRow.Of(heard)], endpoints);
        }
    }

    private static int Store(SqliteWriteConnection writer, StorageWrite.OfProgress write)
    {
        ProgressStatements.Execute(writer, write);
        return 1;
    }

    private static void Keep(SqliteWriteConnection writer, IEnumerable<ContactRow> contacts)
    {
        foreach (var contact in contacts)
        {
            FlushStatements.Contact.Execute(writer, contact);
        }
    }

    private static void Publish(SqliteWriteConnection writer, IEnumerable<NoteRow> notes, HashSet<EndpointKey> endpoints)
    {
        foreach (var note in notes)
        {
            string endpointId;
            long sequence;
            using (var reader = FlushStatements.Number.Bind(writer, note).ExecuteReader())
            {
                if (!reader.Read())
                {
                    continue;
                }

                endpointId = reader.GetString(0);
                sequence = reader.GetInt64(1);
            }

            FlushStatements.Event.Execute(writer, (note, endpointId, sequence));
            endpoints.Add(new EndpointKey(note.TenantId, endpointId));
        }
    }
}
