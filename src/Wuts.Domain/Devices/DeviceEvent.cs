using Orleans;
using Wuts.Domain.Delivery;

namespace Wuts.Domain.Devices;

/// <summary>Something that happened to a device on its network. Events come at least once, late and in any order.</summary>
[GenerateSerializer, Immutable, Alias("wuts.device-event")]
public abstract record DeviceEvent
{
    private DeviceEvent()
    {
    }

    /// <summary>News of a message that this device sent.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.device-event.receipt")]
    public sealed record Receipt([property: Id(0)] string ProviderId, [property: Id(1)] DeliveryEvent Event) : DeviceEvent;

    /// <summary>Somebody wrote to this number.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.device-event.message-received")]
    public sealed record MessageReceived([property: Id(0)] InboundMessage Message) : DeviceEvent;

    /// <summary>A phone accepted the pairing. The link is up.</summary>
    /// <param name="Credentials">What the transport will need to link again; secret.</param>
    [GenerateSerializer, Immutable, Alias("wuts.device-event.paired")]
    public sealed record Paired(
        [property: Id(0)] string Jid,
        [property: Id(1)] string Credentials,
        [property: Id(2)] DateTimeOffset At) : DeviceEvent;

    /// <summary>Pairing ended without a phone: the code expired or was refused.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.device-event.pairing-failed")]
    public sealed record PairingFailed([property: Id(0)] string Reason, [property: Id(1)] DateTimeOffset At) : DeviceEvent;

    /// <summary>The link broke.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.device-event.disconnected")]
    public sealed record Disconnected([property: Id(0)] string Reason, [property: Id(1)] DateTimeOffset At) : DeviceEvent;

    /// <summary>The link was removed, from the phone or by WhatsApp.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.device-event.logged-out")]
    public sealed record LoggedOut([property: Id(0)] string Reason, [property: Id(1)] DateTimeOffset At) : DeviceEvent;

    /// <summary>The number was banned.</summary>
    /// <param name="Until">When it ends; <c>null</c> for never.</param>
    [GenerateSerializer, Immutable, Alias("wuts.device-event.banned")]
    public sealed record Banned(
        [property: Id(0)] string Reason,
        [property: Id(1)] DateTimeOffset? Until,
        [property: Id(2)] DateTimeOffset At) : DeviceEvent;

    /// <summary>The network rates the number anew. Of two, the later <paramref name="At"/> counts, whichever came first.</summary>
    [GenerateSerializer, Immutable, Alias("wuts.device-event.quality-changed")]
    public sealed record QualityChanged([property: Id(0)] QualityRating Rating, [property: Id(1)] DateTimeOffset At) : DeviceEvent;

    /// <summary>
    /// The network limits to whom the number may write. The last word on a <paramref name="Kind"/>, by <paramref name="At"/>,
    /// replaces those before it; the kinds do not touch each other. It ends by itself at <paramref name="Until"/>, without a
    /// further event. Until then a send that it forbids is <see cref="Wuts.Domain.Sending.SendOutcome.Refused"/>: do not try.
    /// </summary>
    /// <param name="Until">When it ends; <c>null</c> when the network does not say: until the next word. Not after <paramref name="At"/>: it has ended.</param>
    /// <param name="Remaining">How many new chats may yet be opened until then; 0 or <c>null</c> for none.</param>
    [GenerateSerializer, Immutable, Alias("wuts.device-event.restricted")]
    public sealed record Restricted(
        [property: Id(0)] RestrictionKind Kind,
        [property: Id(1)] DateTimeOffset? Until,
        [property: Id(2)] DateTimeOffset At,
        [property: Id(3)] int? Remaining = null) : DeviceEvent;
}

/// <summary>A message that came in.</summary>
/// <param name="Id">The network's id; the same id again is the same message.</param>
/// <param name="FromJid">Who wrote.</param>
/// <param name="ChatJid">Where: the writer's JID, or a group's.</param>
[GenerateSerializer, Immutable, Alias("wuts.inbound-message")]
public sealed record InboundMessage(
    [property: Id(0)] string Id,
    [property: Id(1)] string FromJid,
    [property: Id(2)] string ChatJid,
    [property: Id(3)] string ToJid,
    [property: Id(4)] string Text,
    [property: Id(5)] string? PushName,
    [property: Id(6)] DateTimeOffset At);
