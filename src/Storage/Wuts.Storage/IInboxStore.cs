using System.Collections.Immutable;
using Wuts.Domain.Devices;

namespace Wuts.Storage;

/// <summary>What came from networks and belongs to no message of ours. Written through the batch writer.</summary>
public interface IInboxStore
{
    /// <summary>
    /// Keeps inbound messages, each once by device and network id, and writes one <c>message.received</c> outbox event for each
    /// that is new, in one transaction. Safe to repeat.
    /// </summary>
    /// <returns>How many were new.</returns>
    Task<int> AppendReceivedAsync(
        DeviceKey device, ImmutableArray<(InboundMessage Message, string DataJson)> messages, CancellationToken cancellationToken = default);

    /// <summary>Keeps receipts for messages that nobody knows, each once, so that they can be counted and looked at. Safe to repeat.</summary>
    Task AppendOrphansAsync(
        DeviceKey device, ImmutableArray<DeviceEvent.Receipt> receipts, DateTimeOffset at, CancellationToken cancellationToken = default);
}
