using System.Collections.Immutable;
using Wuts.Domain.Compliance;
using Wuts.Domain.Devices;

namespace Wuts.Storage;

/// <summary>What came from networks and belongs to no message of ours. Written through the batch writer.</summary>
public interface IInboxStore
{
    /// <summary>
    /// Keeps inbound messages, each once by device and network id, and writes one <c>message.received</c> outbox event for each
    /// that is new, in one transaction; with it what a new one says of consent, and that event, should it change anything, and the writer as a
    /// contact. Safe to repeat.
    /// </summary>
    /// <returns>How many were new.</returns>
    Task<int> AppendReceivedAsync(
        DeviceKey device, ImmutableArray<ReceivedMessage> messages, CancellationToken cancellationToken = default);

    /// <summary>Keeps receipts for messages that nobody knows, each once, so that they can be counted and looked at. Safe to repeat.</summary>
    Task AppendOrphansAsync(
        DeviceKey device, ImmutableArray<DeviceEvent.Receipt> receipts, DateTimeOffset at, CancellationToken cancellationToken = default);

    /// <summary>Writes an outbox event that is about nothing stored elsewhere, once by device and <paramref name="id"/>. Safe to repeat.</summary>
    Task AppendNoticeAsync(DeviceKey device, string id, DeviceNotice notice, CancellationToken cancellationToken = default);
}

/// <summary>A message that came in.</summary>
/// <param name="DataJson">What its event says.</param>
/// <param name="Heard">What its writer says by it of being written to, if anything.</param>
public sealed record ReceivedMessage(InboundMessage Message, string DataJson, HeardConsent? Heard = null);

/// <summary>A recipient's word by keyword.</summary>
/// <param name="Event">Told if it changes the recipient's state.</param>
public sealed record HeardConsent(Consent Consent, DeviceNotice Event);
