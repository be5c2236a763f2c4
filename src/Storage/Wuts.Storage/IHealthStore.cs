using System.Collections.Immutable;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;

namespace Wuts.Storage;

/// <summary>
/// The health of numbers, and whom they know. Contacts are written with the messages that make them: see <see cref="IMessageStore"/>
/// and <see cref="IInboxStore"/>.
/// </summary>
public interface IHealthStore
{
    /// <summary>What is kept of a device's health; <c>null</c> if nothing is yet.</summary>
    Task<DeviceHealth?> FindAsync(DeviceKey device, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores a device's health under an epoch, with the webhook events that tell of the change, in one transaction.
    /// <see cref="WriteOutcome.Conflict"/> under any epoch but the current one.
    /// </summary>
    Task<WriteOutcome> SaveAsync(
        DeviceKey device, long epoch, DeviceHealth health, ImmutableArray<DeviceNotice> notices, CancellationToken cancellationToken = default);

    /// <summary>A contact of a device; <c>null</c> for somebody new.</summary>
    Task<Contact?> FindContactAsync(DeviceKey device, string chatJid, CancellationToken cancellationToken = default);

    /// <summary>A device's contacts in the order of their JIDs, a page at a time.</summary>
    /// <param name="afterJid">Only those after this; start with the empty text.</param>
    Task<ImmutableArray<Contact>> ListContactsAsync(DeviceKey device, string afterJid, int limit, CancellationToken cancellationToken = default);
}
