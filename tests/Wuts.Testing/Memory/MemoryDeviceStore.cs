using System.Collections.Immutable;
using Wuts.Domain.Devices;
using Wuts.Storage;

namespace Wuts.Testing.Memory;

public sealed class MemoryDeviceStore(MemoryDatabase database) : IDeviceStore
{
    public Task CreateAsync(Device device, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            database.Devices.Add(device.Key, device);
            return Task.CompletedTask;
        }
    }

    public Task<Device?> FindAsync(DeviceKey device, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult(database.Devices.GetValueOrDefault(device));
        }
    }

    public Task<ImmutableArray<Device>> ListAsync(string tenantId, string? userId, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult<ImmutableArray<Device>>(
            [
                .. database.Devices.Values.Where(d => d.TenantId == tenantId && (userId is null || d.UserId == userId)).OrderBy(d => d.CreatedAt),
            ]);
        }
    }

    public Task<Device?> RaiseEpochAsync(DeviceKey device, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            if (!database.Devices.TryGetValue(device, out var stored))
            {
                return Task.FromResult<Device?>(null);
            }

            return Task.FromResult<Device?>(database.Devices[device] = stored with { Epoch = stored.Epoch + 1 });
        }
    }

    public Task<WriteOutcome> SaveSessionAsync(
        DeviceKey device, long epoch, DeviceSession session, ImmutableArray<DeviceNotice> notices, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            if (database.Devices.GetValueOrDefault(device) is not { } stored || stored.Epoch != epoch)
            {
                return Task.FromResult(WriteOutcome.Conflict);
            }

            database.Devices[device] = stored with { Session = session };
            database.AppendEvents(device.TenantId, device.DeviceId, notices.Select(n => (n.Type, n.At, (string?)null, (string?)n.DataJson)));
            return Task.FromResult(WriteOutcome.Written);
        }
    }

    public Task<bool> DeleteAsync(DeviceKey device, CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult(database.Devices.Remove(device));
        }
    }

    public Task<ImmutableArray<DeviceKey>> ListWantedAsync(CancellationToken cancellationToken = default)
    {
        lock (database.Gate)
        {
            return Task.FromResult<ImmutableArray<DeviceKey>>([.. database.Devices.Values.Where(d => d.Session is { Wanted: true, IsPaired: true }).Select(d => d.Key)]);
        }
    }
}
