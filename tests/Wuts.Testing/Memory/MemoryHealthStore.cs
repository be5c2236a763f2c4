using System.Collections.Immutable;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Storage;
using Wuts.Storage.Sql;
using Wuts.Storage.Writing;

namespace Wuts.Testing.Memory;

public sealed class MemoryHealthStore : IHealthStore
{
    private readonly MemoryConnection _connection;
    private readonly TimeProvider _clock;

    public MemoryHealthStore(MemoryDatabase database, TimeProvider clock)
        : this(new MemoryConnection(database), clock)
    {
    }

    internal MemoryHealthStore(MemoryConnection connection, TimeProvider clock) => (_connection, _clock) = (connection, clock);

    public async Task<DeviceHealth?> FindAsync(DeviceKey device, CancellationToken cancellationToken = default) =>
        await _connection.ReadAsync(tables => tables.Health.GetValueOrDefault(device), cancellationToken) is { } json
            ? StoredJson.Read<DeviceHealth>(json)
            : null;

    public async Task<WriteOutcome> SaveAsync(
        DeviceKey device, long epoch, DeviceHealth health, ImmutableArray<DeviceNotice> notices, CancellationToken cancellationToken = default)
    {
        var write = new StorageWrite.OfHealth(device, epoch, StoredJson.Write(health), _clock.GetUtcNow(), notices);
        return await _connection.FlushAsync(write, cancellationToken) > 0 ? WriteOutcome.Written : WriteOutcome.Conflict;
    }

    public Task<Contact?> FindContactAsync(DeviceKey device, string chatJid, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(tables => tables.Contacts.GetValueOrDefault(device)?.GetValueOrDefault(chatJid), cancellationToken);

    public Task<ImmutableArray<Contact>> ListContactsAsync(DeviceKey device, string afterJid, int limit, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(
            tables => tables.Contacts.GetValueOrDefault(device)?.Values
                .Where(contact => string.CompareOrdinal(contact.ChatJid, afterJid) > 0)
                .Take(limit)
                .ToImmutableArray() ?? [],
            cancellationToken);
}
