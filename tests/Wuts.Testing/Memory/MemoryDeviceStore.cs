using System.Collections.Immutable;
using Wuts.Domain.Devices;
using Wuts.Storage;
using Wuts.Storage.Writing;

namespace Wuts.Testing.Memory;

public sealed class MemoryDeviceStore : IDeviceStore
{
    private readonly MemoryConnection _connection;
    private readonly ISecretProtector _secrets;
    private readonly TimeProvider _clock;

    public MemoryDeviceStore(MemoryDatabase database, ISecretProtector secrets, TimeProvider clock)
        : this(new MemoryConnection(database), secrets, clock)
    {
    }

    internal MemoryDeviceStore(MemoryConnection connection, ISecretProtector secrets, TimeProvider clock) =>
        (_connection, _secrets, _clock) = (connection, secrets, clock);

    public Task CreateAsync(Device device, CancellationToken cancellationToken = default) =>
        CreateWithinAsync(device, int.MaxValue, cancellationToken);

    public Task<bool> CreateWithinAsync(Device device, int most, CancellationToken cancellationToken = default)
    {
        var stored = device with
        {
            Session = device.Session.AsStored(Protected(device.Session)),
            CreatedAt = device.CreatedAt.AsStored(),
            UpdatedAt = device.UpdatedAt.AsStored(),
        };
        return _connection.WriteAsync(
            tables =>
            {
                if (tables.Devices.Keys.Count(key => key.TenantId == stored.TenantId) >= most)
                {
                    return false;
                }

                tables.Devices.Add(stored.Key, stored);
                return true;
            },
            cancellationToken);
    }

    public async Task<Device?> FindAsync(DeviceKey device, CancellationToken cancellationToken = default) =>
        await _connection.ReadAsync(tables => tables.Devices.GetValueOrDefault(device), cancellationToken) is { } stored ? Readable(stored) : null;

    public async Task<ImmutableArray<Device>> ListAsync(string tenantId, string? userId, CancellationToken cancellationToken = default)
    {
        var stored = await _connection.ReadAsync(
            tables => tables.Devices.Values
                .Where(device => device.TenantId == tenantId && (userId is null || device.UserId == userId))
                .OrderBy(device => device.CreatedAt)
                .ThenBy(device => device.Id, StringComparer.Ordinal)
                .ToImmutableArray(),
            cancellationToken);
        return [.. stored.Select(Readable)];
    }

    public async Task<Device?> RaiseEpochAsync(DeviceKey device, CancellationToken cancellationToken = default)
    {
        var raised = await _connection.WriteAsync(
            tables => tables.Devices.GetValueOrDefault(device) is { } stored
                ? tables.Devices[device] = stored with { Epoch = stored.Epoch + 1 }
                : null,
            cancellationToken);
        return raised is null ? null : Readable(raised);
    }

    public async Task<WriteOutcome> SaveSessionAsync(
        DeviceKey device, long epoch, DeviceSession session, ImmutableArray<DeviceNotice> notices, CancellationToken cancellationToken = default)
    {
        var write = new StorageWrite.OfSession(device, epoch, session, Protected(session), _clock.GetUtcNow(), notices);
        return await _connection.FlushAsync(write, cancellationToken) > 0 ? WriteOutcome.Written : WriteOutcome.Conflict;
    }

    // Two transactions, as it is in the databases: it may break off in between.
    public async Task<bool> DeleteAsync(DeviceKey device, CancellationToken cancellationToken = default)
    {
        await _connection.WriteAsync(
            tables => tables.Webhooks.FindByDevice(device.TenantId, device.DeviceId) is { Endpoint: var endpoint }
                && tables.Webhooks.Delete(endpoint.TenantId, endpoint.Id),
            cancellationToken);
        return await _connection.WriteAsync(
            tables =>
            {
                tables.Contacts.Remove(device);
                tables.Health.Remove(device);
                return tables.Devices.Remove(device);
            },
            cancellationToken);
    }

    public Task<ImmutableArray<DeviceKey>> ListWantedAsync(CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(
            static tables => tables.Devices.Values
                .Where(device => device.Session is { Wanted: true, IsPaired: true })
                .Select(device => device.Key)
                .ToImmutableArray(),
            cancellationToken);

    private string? Protected(DeviceSession session) => session.Credentials is { } credentials ? _secrets.Protect(credentials) : null;

    private Device Readable(Device stored) => stored.Session.Credentials is { } credentials
        ? stored with { Session = stored.Session with { Credentials = _secrets.Unprotect(credentials) } }
        : stored;
}
