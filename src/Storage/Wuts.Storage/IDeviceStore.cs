using System.Collections.Immutable;
using Wuts.Domain.Devices;

namespace Wuts.Storage;

/// <summary>Devices and their sessions. Credentials are encrypted at rest.</summary>
public interface IDeviceStore
{
    Task CreateAsync(Device device, CancellationToken cancellationToken = default);

    /// <summary>
    /// Creates a device unless its tenant has as many as it may have, however many ask at once. Returns <c>false</c> when it has, and
    /// nothing was stored.
    /// </summary>
    /// <param name="most">How many the tenant may have.</param>
    Task<bool> CreateWithinAsync(Device device, int most, CancellationToken cancellationToken = default);

    Task<Device?> FindAsync(DeviceKey device, CancellationToken cancellationToken = default);

    /// <summary>A tenant's devices, oldest first.</summary>
    /// <param name="userId">Only this user's; <c>null</c> for all.</param>
    Task<ImmutableArray<Device>> ListAsync(string tenantId, string? userId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Begins a new epoch and returns the device in it; <c>null</c> if there is no such device. From when this returns, no fenced
    /// write under an older epoch succeeds.
    /// </summary>
    Task<Device?> RaiseEpochAsync(DeviceKey device, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores a session under an epoch, with the webhook events that tell of the change, in one transaction.
    /// <see cref="WriteOutcome.Conflict"/> under any epoch but the current one.
    /// </summary>
    Task<WriteOutcome> SaveSessionAsync(
        DeviceKey device, long epoch, DeviceSession session, ImmutableArray<DeviceNotice> notices, CancellationToken cancellationToken = default);

    /// <summary>Removes a device with its webhook endpoint, contacts and health. Its messages stay readable. Returns <c>false</c> if there was none.</summary>
    Task<bool> DeleteAsync(DeviceKey device, CancellationToken cancellationToken = default);

    /// <summary>Devices that are paired and wanted, so that they should be linked in some silo.</summary>
    Task<ImmutableArray<DeviceKey>> ListWantedAsync(CancellationToken cancellationToken = default);
}

/// <summary>A webhook event about a device, with its data already rendered as JSON.</summary>
public sealed record DeviceNotice(string Type, DateTimeOffset At, string DataJson);
