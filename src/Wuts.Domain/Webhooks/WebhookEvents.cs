using System.Collections.Frozen;
using System.Collections.Immutable;
using Orleans;
using Wuts.Domain.Compliance;
using Wuts.Domain.Delivery;

namespace Wuts.Domain.Webhooks;

/// <summary>Something to tell a tenant's endpoint about a message; rendered when it is delivered.</summary>
[GenerateSerializer, Immutable, Alias("wuts.webhook-event")]
public sealed record WebhookEvent([property: Id(0)] string Type, [property: Id(1)] DateTimeOffset At);

/// <summary>
/// The catalogue of event types. The first 58 are the contract's (reference page getAvailableWebhookEvents); the others are additions.
/// A subscription may name an event that nothing in this version causes: it is kept, and simply never fires.
/// </summary>
public static class WebhookEvents
{
    public const string MessageReceived = "message.received";
    public const string MessageSent = "message.sent";
    public const string MessageDelivered = "message.delivered";
    public const string MessageRead = "message.read";
    public const string MessagePlayed = "message.played";
    public const string MessageFailed = "message.failed";
    public const string MessageUncertain = "message.uncertain";
    public const string MessageRejected = "message.rejected";
    public const string ConsentOptedOut = "consent.opted_out";
    public const string ConsentOptedIn = "consent.opted_in";
    public const string DeviceConnected = "device.connected";
    public const string DeviceDisconnected = "device.disconnected";
    public const string DeviceLoggedOut = "device.logged_out";
    public const string PairError = "connection.pair_error";
    public const string TemporaryBan = "connection.temporary_ban";
    public const string ManualReconnect = "connection.manual_reconnect";
    public const string ConnectionFailure = "connection.failure";
    public const string QrGenerated = "qr.generated";
    public const string PairSuccess = "pair.success";
    public const string QuotaExceeded = "quota.exceeded";
    public const string DeviceQuality = "device.quality";
    public const string WebhookDisabled = "webhook.disabled";

    /// <summary>Every name there is, in the order of the catalogue.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        MessageReceived, MessageSent, MessageDelivered, MessageRead, "message.undecryptable", "message.delete_for_me", "mention.sent", "media.retry",
        DeviceConnected, DeviceDisconnected, DeviceLoggedOut,
        PairError, "connection.stream_replaced", ConnectionFailure, TemporaryBan, ManualReconnect, "connection.keepalive_timeout", "connection.keepalive_restored",
        "contact.presence", "contact.changed", "contact.pushname", "contact.about", "contact.picture",
        "chat.presence", "chat.mark_as_read", "chat.pin", "chat.mute", "chat.archive", "chat.delete", "chat.clear",
        "group.info", "group.joined",
        "call.offer", "call.accept", "call.pre_accept", "call.reject", "call.terminate", "call.relay_latency", "call.transport", "call.unknown",
        QrGenerated, PairSuccess, "identity.change",
        "privacy.blocklist", "privacy.settings", "settings.unarchive_chats", "settings.user_status_mute",
        "label.edit", "label.association_chat", "label.association_message",
        "newsletter.join", "newsletter.leave", "newsletter.live_update", "newsletter.mute_change",
        "history.sync", "offline.sync_preview", "offline.sync_completed", "app_state.sync_complete",
        MessageFailed, MessagePlayed, "message.expired", MessageUncertain, MessageRejected, "message.canceled",
        "template.status", DeviceQuality, ConsentOptedOut, ConsentOptedIn, QuotaExceeded, WebhookDisabled,
    ];

    private static readonly FrozenSet<string> Known = All.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsKnown(string type) => Known.Contains(type);

    /// <summary>The event that tells of a recipient's word.</summary>
    public static string Of(ConsentState state) => state == ConsentState.OptedOut ? ConsentOptedOut : ConsentOptedIn;

    /// <summary>The event that tells of a message reaching a stage.</summary>
    public static string Of(DeliveryStage stage) => stage switch
    {
        DeliveryStage.Sent => MessageSent,
        DeliveryStage.Failed => MessageFailed,
        DeliveryStage.Delivered => MessageDelivered,
        DeliveryStage.Read => MessageRead,
        DeliveryStage.Played => MessagePlayed,
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, null),
    };
}
