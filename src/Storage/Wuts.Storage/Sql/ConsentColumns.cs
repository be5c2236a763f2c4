using System.Collections.Immutable;
using Wuts.Domain.Compliance;
using Wuts.Storage.Writing;

namespace Wuts.Storage.Sql;

/// <summary>The table <c>consents</c>, but for its last column, <c>updated_at</c>.</summary>
internal static class ConsentColumns
{
    /// <summary>What an upsert changes; <c>excluded</c> is the new row and <c>c</c> the old one. Saying the same again does not begin anew.</summary>
    public const string Change =
        "state = excluded.state, source = excluded.source, since = CASE WHEN c.state = excluded.state THEN c.since ELSE excluded.since END, "
        + "device_id = excluded.device_id, detail = excluded.detail, updated_at = excluded.updated_at";

    /// <summary>The condition of <see cref="Consent.Apply"/>.</summary>
    public const string IsNews = "excluded.at > c.at OR (excluded.at = c.at AND excluded.state = 'opted_out' AND c.state = 'opted_in')";

    public static ImmutableArray<Column<Consent>> All { get; } =
    [
        Column.Of("tenant_id", (Consent c) => c.TenantId),
        Column.Of("chat_jid", (Consent c) => c.ChatJid),
        Column.Of("state", (Consent c) => StoredName<ConsentState>.Of(c.State)),
        Column.Of("source", (Consent c) => StoredName<ConsentSource>.Of(c.Source)),
        Column.Of("at", (Consent c) => c.At),
        Column.Of("since", (Consent c) => c.Since),
        Column.Of("device_id", (Consent c) => c.DeviceId),
        Column.Of("detail", (Consent c) => c.Detail),
    ];

    public static string Names { get; } = string.Join(", ", All.Select(column => column.Name));

    public static Consent Read(SqlRow row) => new()
    {
        TenantId = row.Text(0),
        ChatJid = row.Text(1),
        State = StoredName<ConsentState>.Parse(row.Text(2)),
        Source = StoredName<ConsentSource>.Parse(row.Text(3)),
        At = row.Time(4),
        Since = row.Time(5),
        DeviceId = row.TextOrNull(6),
        Detail = row.TextOrNull(7),
    };

    /// <summary>Whether a fenced write of a message may go to its recipient: the rule of <see cref="ConsentPolicy.Refuse"/>.</summary>
    /// <param name="row">What stands before a column of the write: an alias and a dot, or the sign of a parameter.</param>
    /// <remarks>Each look-up is a scalar, so that it is made by key and only where it is needed, and never becomes a join.</remarks>
    public static string MayBeWritten(string row) => $"""
        (NOT {row}{NeedsConsent.Name} OR coalesce(
            (SELECT c.state FROM consents c WHERE c.tenant_id = {row}tenant_id AND c.chat_jid = {row}chat_jid),
            (SELECT 'none' FROM consent_modes o WHERE o.tenant_id = {row}tenant_id AND o.category = {row}category),
            'opted_in') = 'opted_in')
        """;

    public static Column<StorageWrite.OfMessage> NeedsConsent { get; } =
        Column.Of("needs_consent", (StorageWrite.OfMessage w) => w.NeedsConsent);
}
