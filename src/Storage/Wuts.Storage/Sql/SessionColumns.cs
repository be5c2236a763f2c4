using System.Collections.Immutable;
using Wuts.Domain.Devices;
using Wuts.Storage.Writing;

namespace Wuts.Storage.Sql;

/// <summary>The columns of <c>devices</c> that a session changes.</summary>
internal static class SessionColumns
{
    public static ImmutableArray<Column<StorageWrite.OfSession>> All { get; } =
    [
        Column.Of("state", (StorageWrite.OfSession w) => StoredName<DeviceState>.Of(w.Session.State)),
        Column.Of("state_since", (StorageWrite.OfSession w) => w.Session.Since),
        Column.Of("jid", (StorageWrite.OfSession w) => w.Session.Jid),
        Column.Of("credentials", (StorageWrite.OfSession w) => w.ProtectedCredentials),
        Column.Of("wanted", (StorageWrite.OfSession w) => w.Session.Wanted),
        Column.Of("reason", (StorageWrite.OfSession w) => w.Session.Reason),
        Column.Of("failures", (StorageWrite.OfSession w) => w.Session.Failures),
        Column.Of("banned_until", (StorageWrite.OfSession w) => w.Session.BannedUntil),
        Column.Of("last_seen_at", (StorageWrite.OfSession w) => w.Session.LastSeenAt),
        Column.Of("paired_at", (StorageWrite.OfSession w) => w.Session.PairedAt),
        Column.Of("updated_at", (StorageWrite.OfSession w) => w.At),
    ];
}
