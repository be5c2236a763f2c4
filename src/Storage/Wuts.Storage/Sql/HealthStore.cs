using System.Collections.Immutable;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Storage.Writing;

namespace Wuts.Storage.Sql;

internal sealed class HealthStore(SqlDatabase database, BatchWriter writer, TimeProvider clock) : IHealthStore
{
    private const string Contacts = "SELECT chat_jid, first_at, planned_at, origin, message_id FROM contacts WHERE tenant_id = @tenant AND device_id = @device";

    public async Task<DeviceHealth?> FindAsync(DeviceKey device, CancellationToken cancellationToken) =>
        await database.FindAsync(
            "SELECT health FROM device_health WHERE tenant_id = @tenant AND device_id = @device", NamesOf(device), static row => row.Text(0), cancellationToken)
        is { } json ? StoredJson.Read<DeviceHealth>(json) : null;

    public async Task<WriteOutcome> SaveAsync(
        DeviceKey device, long epoch, DeviceHealth health, ImmutableArray<DeviceNotice> notices, CancellationToken cancellationToken) =>
        await writer.WriteAsync(new StorageWrite.OfHealth(device, epoch, StoredJson.Write(health), clock.GetUtcNow(), notices), cancellationToken) > 0
            ? WriteOutcome.Written
            : WriteOutcome.Conflict;

    public Task<Contact?> FindContactAsync(DeviceKey device, string chatJid, CancellationToken cancellationToken) =>
        database.FindAsync($"{Contacts} AND chat_jid = @chat", [.. NamesOf(device), ("chat", chatJid)], Read, cancellationToken);

    public Task<ImmutableArray<Contact>> ListContactsAsync(DeviceKey device, string afterJid, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            $"{Contacts} AND chat_jid > @after ORDER BY chat_jid LIMIT @limit",
            [.. NamesOf(device), ("after", afterJid), ("limit", limit)],
            Read,
            cancellationToken);

    private static (string, object?)[] NamesOf(DeviceKey device) => [("tenant", device.TenantId), ("device", device.DeviceId)];

    private static Contact Read(SqlRow row) => new(
        row.Text(0), row.Time(1), row.TimeOrNull(2), StoredName<ContactOrigin>.Parse(row.Text(3)), row.TextOrNull(4));
}
