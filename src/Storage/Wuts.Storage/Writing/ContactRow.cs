using System.Collections.Immutable;
using Wuts.Domain.Pacing;
using Wuts.Storage.Sql;

namespace Wuts.Storage.Writing;

/// <summary>A contact of a device, should the write named <paramref name="Key"/> hold.</summary>
internal sealed record ContactRow(string Key, string TenantId, string DeviceId, Contact Contact)
{
    public static ImmutableArray<Column<ContactRow>> Columns { get; } =
    [
        Column.Of("tenant_id", (ContactRow r) => r.TenantId),
        Column.Of("device_id", (ContactRow r) => r.DeviceId),
        Column.Of("chat_jid", (ContactRow r) => r.Contact.ChatJid),
        Column.Of("first_at", (ContactRow r) => r.Contact.FirstAt),
        Column.Of("planned_at", (ContactRow r) => r.Contact.PlannedAt),
        Column.Of("origin", (ContactRow r) => StoredName<ContactOrigin>.Of(r.Contact.Origin)),
        Column.Of("message_id", (ContactRow r) => r.Contact.MessageId),
    ];

    /// <summary>What a contact that is stored already takes of a new word: that it has written, or when it is planned for instead.</summary>
    public const string Merge = """
        ON CONFLICT (tenant_id, device_id, chat_jid) DO UPDATE SET
            planned_at = coalesce(excluded.planned_at, contacts.planned_at),
            origin = excluded.origin,
            message_id = excluded.message_id
        """;

    /// <summary>Whether a stored contact <c>k</c> has nothing to take of a new one <c>c</c>. Somebody who wrote stays so.</summary>
    public const string Knows =
        "(k.origin = 'inbound' OR (c.origin = 'outbound' AND (c.planned_at IS NULL OR (c.planned_at IS NOT DISTINCT FROM k.planned_at AND c.message_id IS NOT DISTINCT FROM k.message_id))))";

    public static IEnumerable<ContactRow> Of(StorageWrite.OfMessage write) => write.Transition.Contact is { } contact
        ? [new ContactRow(write.Key, write.Message.Envelope.TenantId, write.Message.Envelope.DeviceId, contact)]
        : [];

    public static IEnumerable<ContactRow> Of(InboxRow row) => row.Contact is { } contact
        ? [new ContactRow(row.Key, row.TenantId, row.DeviceId, contact)]
        : [];

    /// <summary>The same rule, for what is not SQL: the contact as it is after both.</summary>
    public static Contact MergedWith(Contact? stored, Contact contact) => stored switch
    {
        null => contact,
        { Origin: ContactOrigin.Inbound } => stored,
        _ when contact.Origin == ContactOrigin.Outbound && contact.PlannedAt is null => stored,
        _ => stored with { PlannedAt = contact.PlannedAt ?? stored.PlannedAt, Origin = contact.Origin, MessageId = contact.MessageId },
    };
}
