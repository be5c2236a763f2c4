using Wuts.Domain.Devices;

namespace Wuts.Transports.Simulator.Messages;

/// <summary>By this the network knows a message: the sender's number and the id that the sender chose.</summary>
internal readonly record struct MessageKey(string From, string Id);

/// <summary>A message that the network took.</summary>
internal sealed class NetworkMessage(long seq, MessageKey key, DeviceKey device, string to, string type, string? text, DateTimeOffset acceptedAt)
{
    /// <summary>The line of its acceptance, by which messages are ordered.</summary>
    public long Seq { get; } = seq;

    public MessageKey Key { get; } = key;

    /// <summary>Who is told of its receipts.</summary>
    public DeviceKey Device { get; } = device;

    public string To { get; } = to;

    public string Type { get; } = type;

    public string? Text { get; } = text;

    public DateTimeOffset AcceptedAt { get; } = acceptedAt;

    public DateTimeOffset? DeliveredAt { get; set; }

    public DateTimeOffset? ReadAt { get; set; }

    public DateTimeOffset? PlayedAt { get; set; }

    /// <summary>Its next receipt is on its way.</summary>
    public bool Scheduled { get; set; }
}
