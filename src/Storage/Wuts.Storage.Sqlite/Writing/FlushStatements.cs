using Wuts.Domain.Delivery;
using Wuts.Storage.Sql;
using Wuts.Storage.Writing;

namespace Wuts.Storage.Sqlite.Writing;

/// <summary>The statements of a flush.</summary>
internal static class FlushStatements
{
    private const string Fence =
        "(NOT @fenced OR EXISTS (SELECT 1 FROM devices d WHERE d.tenant_id = @tenant_id AND d.id = @device_id AND d.epoch = @device_epoch))";

    private static readonly Column<StorageWrite.OfMessage> Fenced = Column.Of("fenced", (StorageWrite.OfMessage w) => w.Fenced);

    private static readonly string MayBeStored = $"{Fence} AND {ConsentColumns.MayBeWritten("@")}";

    public static RowStatement<StorageWrite.OfMessage> Insert { get; } = new(
        [.. MessageColumns.All.Select(OfMessage), Fenced, ConsentColumns.NeedsConsent, StorageWrite.OfMessage.QuotaEpoch],
        $"""
        INSERT INTO messages ({MessageColumns.Select()})
        SELECT {string.Join(", ", MessageColumns.All.Select(column => "@" + column.Name))}
        WHERE {MayBeStored}
            AND (@quota_epoch IS NULL OR EXISTS (SELECT 1 FROM tenants t WHERE t.id = @tenant_id AND t.quota_epoch = @quota_epoch))
        ON CONFLICT DO NOTHING
        """);

    public static RowStatement<StorageWrite.OfMessage> Update { get; } = new(
        [
            .. MessageColumns.Key.Select(OfMessage),
            .. MessageColumns.Asked.Select(OfMessage),
            .. MessageColumns.Progress.Select(OfMessage),
            Fenced,
            ConsentColumns.NeedsConsent,
        ],
        $"""
        UPDATE messages
        SET {Assign(MessageColumns.Progress.Select(column => column.Name))}
        WHERE tenant_id = @tenant_id AND id = @id AND version = @version - 1 AND {MayBeStored}
        """);

    public static RowStatement<StorageWrite.OfSession> Session { get; } = new(
        [
            Column.Of("tenant_id", (StorageWrite.OfSession w) => w.Device.TenantId),
            Column.Of("device_id", (StorageWrite.OfSession w) => w.Device.DeviceId),
            Column.Of("epoch", (StorageWrite.OfSession w) => w.Epoch),
            .. SessionColumns.All,
        ],
        $"""
        UPDATE devices
        SET {Assign(SessionColumns.All.Select(column => column.Name))}
        WHERE tenant_id = @tenant_id AND id = @device_id AND epoch = @epoch
        """);

    public static RowStatement<StorageWrite.OfHealth> Health { get; } = new(
        StorageWrite.OfHealth.Columns,
        """
        INSERT INTO device_health (tenant_id, device_id, health, updated_at)
        SELECT @tenant_id, @device_id, @health, @updated_at
        WHERE EXISTS (SELECT 1 FROM devices d WHERE d.tenant_id = @tenant_id AND d.id = @device_id AND d.epoch = @epoch)
        ON CONFLICT (tenant_id, device_id) DO UPDATE SET health = excluded.health, updated_at = excluded.updated_at
        """);

    public static RowStatement<ContactRow> Contact { get; } = new(
        ContactRow.Columns,
        $"""
        INSERT INTO contacts ({string.Join(", ", ContactRow.Columns.Select(column => column.Name))})
        SELECT c.* FROM (SELECT {string.Join(", ", ContactRow.Columns.Select(column => $"@{column.Name} AS {column.Name}"))}) AS c
        WHERE NOT EXISTS (
            SELECT 1 FROM contacts k
            WHERE k.tenant_id = c.tenant_id AND k.device_id = c.device_id AND k.chat_jid = c.chat_jid AND {ContactRow.Knows})
        {ContactRow.Merge}
        """);

    public static RowStatement<TimelineRow> Timeline { get; } = new(TimelineRow.Columns, InsertInto("message_events", TimelineRow.Columns));

    public static RowStatement<InboxRow> Inbox { get; } = new(InboxRow.Columns, InsertInto("webhook_inbox", InboxRow.Columns));

    /// <summary>What is known of a recipient.</summary>
    public static RowStatement<HeardRow> KnownConsent { get; } = new(
        HeardRow.Columns.Where(column => column.Name is "tenant_id" or "chat_jid"),
        "SELECT state FROM consents WHERE tenant_id = @tenant_id AND chat_jid = @chat_jid");

    /// <summary>Changes a row if the word is news.</summary>
    public static RowStatement<HeardRow> Consent { get; } = new(
        HeardRow.Columns.Where(column => column.Name is not ("key" or "inbox_key")),
        $"""
        INSERT INTO consents AS c ({ConsentColumns.Names}, updated_at)
        VALUES ({string.Join(", ", ConsentColumns.All.Select(column => "@" + column.Name))}, @updated_at)
        ON CONFLICT (tenant_id, chat_jid) DO UPDATE SET at = excluded.at, {ConsentColumns.Change}
        WHERE {ConsentColumns.IsNews}
        """);

    /// <summary>Takes the next number of the endpoint that wants this event; no row if none does.</summary>
    public static RowStatement<NoteRow> Number { get; } = new(
        NoteRow.Columns.Where(column => column.Name is "tenant_id" or "device_id" or "type"),
        """
        UPDATE webhook_sequences
        SET last_sequence = last_sequence + 1
        WHERE endpoint_id = (
            SELECT endpoint_id FROM webhook_subscriptions WHERE tenant_id = @tenant_id AND device_id = @device_id AND event_type = @type)
        RETURNING endpoint_id, last_sequence
        """);

    public static RowStatement<(NoteRow Note, string EndpointId, long Sequence)> Event { get; } = new(
        [
            .. NoteRow.Columns.Where(column => column.Name is not ("key" or "device_id"))
                .Select(column => column.For(((NoteRow Note, string EndpointId, long Sequence) e) => e.Note)),
            Column.Of("endpoint_id", ((NoteRow Note, string EndpointId, long Sequence) e) => e.EndpointId),
            Column.Of("sequence", ((NoteRow Note, string EndpointId, long Sequence) e) => e.Sequence),
        ],
        """
        INSERT INTO webhook_events (endpoint_id, sequence, tenant_id, type, at, message_id, data, trace_parent)
        VALUES (@endpoint_id, @sequence, @tenant_id, @type, @at, @message_id, @data, @trace_parent)
        """);

    public static RowStatement<string> CountDeltas { get; } = new(
        [Column.Of("deltas", (string json) => json)], "INSERT INTO message_count_deltas (deltas) VALUES (@deltas)");

    private static string Assign(IEnumerable<string> columns) => string.Join(", ", columns.Select(column => $"{column} = @{column}"));

    private static string InsertInto<TRow>(string table, IReadOnlyList<Column<TRow>> columns) =>
        $"INSERT INTO {table} ({string.Join(", ", columns.Select(column => column.Name))}) "
        + $"VALUES ({string.Join(", ", columns.Select(column => "@" + column.Name))}) ON CONFLICT DO NOTHING";

    private static Column<StorageWrite.OfMessage> OfMessage(Column<Message> column) => column.For((StorageWrite.OfMessage write) => write.Message);
}
