using Npgsql;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Storage.Sql;
using Wuts.Storage.Writing;

namespace Wuts.Storage.PostgreSql.Writing;

/// <summary>
/// All of a flush but the progress of webhooks, as one statement: messages, sessions, health and inbox first; then, for what of
/// these was stored and nothing else, contacts, the timeline, the counts and the outbox.
/// </summary>
/// <remarks>
/// Every step is a look-up by key from a small set, whatever the statistics say, or say not yet. Look-ups are LATERAL. A message is
/// found as the first from its id on, an order that only the primary key has (an equality would let a new table's plan walk through
/// all of a tenant in another index), and updated by the row address so found. "Was it stored?" is a hashed IN (hence IS TRUE, which
/// keeps it from becoming a join). Events carry their columns in arrays through the numbering. The writer's connection forbids the
/// joins that would be worse.
/// </remarks>
internal static class FlushStatement
{
    private static readonly ArrayInput<DeviceKey> FencedDevices = new(1,
    [
        Column.Of("tenant_id", (DeviceKey d) => d.TenantId),
        Column.Of("device_id", (DeviceKey d) => d.DeviceId),
    ]);

    private static readonly ArrayInput<StorageWrite.OfMessage> Inserts = new(FencedDevices.Next,
        [.. MessageColumns.All.Select(OfMessage), Column.Of("fenced", (StorageWrite.OfMessage w) => w.Fenced), ConsentColumns.NeedsConsent, StorageWrite.OfMessage.QuotaEpoch]);

    private static readonly ArrayInput<StorageWrite.OfMessage> Updates = new(Inserts.Next,
        [
            .. MessageColumns.Key.Select(OfMessage),
            .. MessageColumns.Asked.Select(OfMessage),
            .. MessageColumns.Progress.Select(OfMessage),
            Column.Of("fenced", (StorageWrite.OfMessage w) => w.Fenced),
            ConsentColumns.NeedsConsent,
        ]);

    private static readonly ArrayInput<StorageWrite.OfSession> Sessions = new(Updates.Next,
        [
            Column.Of("tenant_id", (StorageWrite.OfSession w) => w.Device.TenantId),
            Column.Of("device_id", (StorageWrite.OfSession w) => w.Device.DeviceId),
            Column.Of("epoch", (StorageWrite.OfSession w) => w.Epoch),
            .. SessionColumns.All,
        ]);

    private static readonly ArrayInput<StorageWrite.OfHealth> Health = new(Sessions.Next, StorageWrite.OfHealth.Columns);

    private static readonly ArrayInput<InboxRow> Inbox = new(Health.Next, InboxRow.Columns);

    private static readonly ArrayInput<HeardRow> Heard = new(Inbox.Next, HeardRow.Columns);

    private static readonly ArrayInput<ContactRow> Contacts = new(Heard.Next, [.. ContactRow.Columns, Column.Of("key", (ContactRow r) => r.Key)]);

    private static readonly ArrayInput<TimelineRow> Timeline = new(Contacts.Next, TimelineRow.Columns);

    private static readonly ArrayInput<NoteRow> Notes = new(Timeline.Next, NoteRow.Columns);

    private static readonly ArrayInput<(string Key, string? CountDelta, int Write)> Items = new(Notes.Next,
    [
        Column.Of("key", ((string Key, string? CountDelta, int Write) i) => i.Key),
        Column.Of("delta", ((string Key, string? CountDelta, int Write) i) => i.CountDelta),
    ]);

    /// <summary>Returns one row: the numbers of the items that were not stored, and the endpoints and tenants that have new events.</summary>
    public static string Sql { get; } = $"""
        WITH fence AS MATERIALIZED (
            -- Whoever raises an epoch waits for this lock, or has committed and is seen through it.
            SELECT fenced.tenant_id, fenced.device_id, device.epoch
            FROM {FencedDevices.Table} AS fenced ({FencedDevices.Names})
            CROSS JOIN LATERAL (
                SELECT d.epoch FROM devices d WHERE d.tenant_id = fenced.tenant_id AND d.id = fenced.device_id FOR SHARE
            ) AS device
        ), admission AS MATERIALIZED (
            -- The same, for whoever begins to count a tenant's use anew.
            SELECT tenant.id AS tenant_id, tenant.quota_epoch
            FROM (SELECT DISTINCT i.tenant_id FROM {Inserts.Table} AS i ({Inserts.Names}) WHERE i.quota_epoch IS NOT NULL ORDER BY i.tenant_id) AS admitted
            CROSS JOIN LATERAL (SELECT t.id, t.quota_epoch FROM tenants t WHERE t.id = admitted.tenant_id FOR SHARE) AS tenant
        ), inserted AS (
            INSERT INTO messages ({MessageColumns.Select()})
            SELECT {MessageColumns.Select("i")}
            FROM {Inserts.Table} AS i ({Inserts.Names})
            WHERE (NOT i.fenced OR (i.tenant_id, i.device_id, i.device_epoch) IN (SELECT tenant_id, device_id, epoch FROM fence))
                AND (i.quota_epoch IS NULL OR (i.tenant_id, i.quota_epoch) IN (SELECT tenant_id, quota_epoch FROM admission))
                AND {ConsentColumns.MayBeWritten("i.")}
            ON CONFLICT DO NOTHING
            RETURNING 'm' || tenant_id || '/' || id AS key
        ), updated AS (
            UPDATE messages AS m
            SET {string.Join(", ", MessageColumns.Progress.Select(column => $"{column.Name} = u.{column.Name}"))}
            FROM {Updates.Table} AS u ({Updates.Names})
            CROSS JOIN LATERAL (
                SELECT ctid AS address, id FROM messages WHERE tenant_id = u.tenant_id AND id >= u.id ORDER BY id LIMIT 1
            ) AS found
            WHERE m.ctid = found.address AND found.id = u.id AND m.version = u.version - 1
                AND (NOT u.fenced OR (u.tenant_id, u.device_id, u.device_epoch) IN (SELECT tenant_id, device_id, epoch FROM fence))
                AND {ConsentColumns.MayBeWritten("u.")}
            RETURNING 'm' || m.tenant_id || '/' || m.id AS key
        ), health AS (
            INSERT INTO device_health AS kept (tenant_id, device_id, health, updated_at)
            SELECT h.tenant_id, h.device_id, h.health, h.updated_at
            FROM {Health.Table} AS h ({Health.Names})
            WHERE ((h.tenant_id, h.device_id, h.epoch) IN (SELECT tenant_id, device_id, epoch FROM fence)) IS TRUE
            ON CONFLICT (tenant_id, device_id) DO UPDATE SET health = excluded.health, updated_at = excluded.updated_at
            RETURNING 'h' || kept.tenant_id || '/' || kept.device_id AS key
        ), session AS (
            UPDATE devices AS d
            SET {string.Join(", ", SessionColumns.All.Select(column => $"{column.Name} = s.{column.Name}"))}
            FROM {Sessions.Table} AS s ({Sessions.Names})
            WHERE d.tenant_id = s.tenant_id AND d.id = s.device_id AND d.epoch = s.epoch
            RETURNING 'd' || d.tenant_id || '/' || d.id AS key
        ), received AS (
            INSERT INTO webhook_inbox ({Inbox.Names})
            SELECT * FROM {Inbox.Table}
            ON CONFLICT DO NOTHING
            RETURNING 'i' || tenant_id || '/' || device_id || '/' || kind || '/' || id AS key
        ), heard AS MATERIALIZED (
            -- The last word of each, should several be in one flush; and what was known, which nobody changes meanwhile.
            SELECT word.*, (SELECT c.state FROM consents c WHERE c.tenant_id = word.tenant_id AND c.chat_jid = word.chat_jid) AS known
            FROM (
                SELECT DISTINCT ON (h.tenant_id, h.chat_jid) h.*
                FROM {Heard.Table} AS h ({Heard.Names})
                WHERE (h.inbox_key IN (SELECT key FROM received)) IS TRUE
                ORDER BY h.tenant_id, h.chat_jid, h.at DESC, h.state DESC
            ) AS word
        ), consented AS (
            INSERT INTO consents AS c ({ConsentColumns.Names}, updated_at)
            SELECT {ConsentColumns.Names}, updated_at FROM heard
            ON CONFLICT (tenant_id, chat_jid) DO UPDATE SET at = excluded.at, {ConsentColumns.Change}
            WHERE {ConsentColumns.IsNews}
            RETURNING c.tenant_id, c.chat_jid
        ), stored AS MATERIALIZED (
            -- Sessions come after the messages: a row that this statement changed could not be locked for the fence any more.
            SELECT key FROM inserted UNION ALL SELECT key FROM updated UNION ALL SELECT key FROM health
            UNION ALL SELECT key FROM session UNION ALL SELECT key FROM received
            UNION ALL SELECT key FROM heard
            WHERE known IS DISTINCT FROM state AND ((tenant_id, chat_jid) IN (SELECT tenant_id, chat_jid FROM consented)) IS TRUE
        ), timeline AS (
            INSERT INTO message_events ({Timeline.Names})
            SELECT t.*
            FROM {Timeline.Table} AS t ({Timeline.Names})
            WHERE ('m' || t.tenant_id || '/' || t.message_id IN (SELECT key FROM stored)) IS TRUE
        ), contact AS (
            -- Sorted, in which order rows are locked; of one person the word that it wrote, or else the last.
            INSERT INTO contacts ({string.Join(", ", ContactRow.Columns.Select(column => column.Name))})
            SELECT DISTINCT ON (c.tenant_id, c.device_id, c.chat_jid) {string.Join(", ", ContactRow.Columns.Select(column => "c." + column.Name))}
            FROM {Contacts.Table} WITH ORDINALITY AS c ({Contacts.Names}, n)
            CROSS JOIN LATERAL (
                SELECT coalesce(bool_or({ContactRow.Knows}), false) AS known
                FROM contacts k
                WHERE k.tenant_id = c.tenant_id AND k.device_id = c.device_id AND k.chat_jid = c.chat_jid
            ) AS before
            WHERE (c.key IN (SELECT key FROM stored)) IS TRUE AND NOT before.known
            ORDER BY c.tenant_id, c.device_id, c.chat_jid, c.origin = 'inbound' DESC, c.n DESC
            {ContactRow.Merge}
        ), item AS MATERIALIZED (
            SELECT i.n, i.delta, (i.key IN (SELECT key FROM stored)) IS TRUE AS stored
            FROM {Items.Table} WITH ORDINALITY AS i ({Items.Names}, n)
        ), counted AS (
            INSERT INTO message_count_deltas (deltas)
            SELECT '[' || string_agg(delta, ',') || ']' FROM item WHERE stored AND delta IS NOT NULL HAVING count(*) > 0
        ), event AS MATERIALIZED (
            SELECT wanted.endpoint_id, note.tenant_id, note.type, note.at, note.message_id, note.data, note.trace_parent, note.n
            FROM {Notes.Table} WITH ORDINALITY AS note ({Notes.Names}, n)
            CROSS JOIN LATERAL (
                SELECT s.endpoint_id
                FROM webhook_subscriptions s
                WHERE s.tenant_id = note.tenant_id AND s.device_id = note.device_id AND s.event_type = note.type
                OFFSET 0
            ) AS wanted
            WHERE (note.key IN (SELECT key FROM stored)) IS TRUE
        ), page AS MATERIALIZED (
            SELECT endpoint_id, tenant_id, count(*) AS length,
                array_agg(type ORDER BY n) AS types, array_agg(at ORDER BY n) AS ats,
                array_agg(message_id ORDER BY n) AS message_ids, array_agg(data ORDER BY n) AS datas,
                array_agg(trace_parent ORDER BY n) AS trace_parents
            FROM event
            GROUP BY endpoint_id, tenant_id
            ORDER BY endpoint_id -- in which order they are locked
        ), numbered AS (
            UPDATE webhook_sequences AS s
            SET last_sequence = s.last_sequence + page.length
            FROM page
            WHERE s.endpoint_id = page.endpoint_id
            RETURNING page.*, s.last_sequence - page.length AS base
        ), outbox AS (
            INSERT INTO webhook_events (endpoint_id, sequence, tenant_id, type, at, message_id, data, trace_parent)
            SELECT numbered.endpoint_id, numbered.base + e.n, numbered.tenant_id, e.type, e.at, e.message_id, e.data, e.trace_parent
            FROM numbered
            CROSS JOIN LATERAL unnest(numbered.types, numbered.ats, numbered.message_ids, numbered.datas, numbered.trace_parents)
                WITH ORDINALITY AS e (type, at, message_id, data, trace_parent, n)
        )
        SELECT
            (SELECT array_agg(n) FROM item WHERE NOT stored),
            (SELECT array_agg(endpoint_id) FROM numbered),
            (SELECT array_agg(tenant_id) FROM numbered)
        """;

    public static int Parameters => Items.Next - 1;

    public static NpgsqlBatchCommand Command(FlushRows rows)
    {
        var command = new NpgsqlBatchCommand(Sql);
        FencedDevices.Bind(command.Parameters, rows.FencedDevices);
        Inserts.Bind(command.Parameters, rows.Inserts);
        Updates.Bind(command.Parameters, rows.Updates);
        Sessions.Bind(command.Parameters, rows.Sessions);
        Health.Bind(command.Parameters, rows.Health);
        Inbox.Bind(command.Parameters, rows.Inbox);
        Heard.Bind(command.Parameters, rows.Heard);
        Contacts.Bind(command.Parameters, rows.Contacts);
        Timeline.Bind(command.Parameters, rows.Timeline);
        Notes.Bind(command.Parameters, rows.Notes);
        Items.Bind(command.Parameters, rows.Items);
        return command;
    }

    private static Column<StorageWrite.OfMessage> OfMessage(Column<Message> column) => column.For((StorageWrite.OfMessage write) => write.Message);
}
