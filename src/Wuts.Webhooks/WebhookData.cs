using Wuts.Domain.Devices;

namespace Wuts.Webhooks;

/// <summary>
/// The <c>data</c> of events that are not about a message sent from here, as JSON text: made when the event happens and stored
/// with it.
/// </summary>
public static class WebhookData
{
    /// <summary>For <c>message.received</c>.</summary>
    public static string MessageReceived(InboundMessage message)
    {
        var json = JsonScratch.Rent();
        var writer = json.Writer;
        writer.WriteStartObject();
        writer.WriteString("message_id"u8, message.Id);
        writer.WriteString("from"u8, message.FromJid);
        writer.WriteString("to"u8, message.ToJid);
        writer.WriteString("chat_jid"u8, message.ChatJid);
        writer.WriteString("content"u8, message.Text);
        writer.WriteString("message_type"u8, "text"u8);
        writer.WriteRfc3339("timestamp"u8, message.At);
        writer.WriteBoolean("is_from_me"u8, false);
        writer.WriteString("push_name"u8, message.PushName);
        writer.WriteEndObject();
        return json.ToString();
    }

    /// <summary>For the events of a device, its connection and its pairing, and for <c>webhook.disabled</c>.</summary>
    /// <param name="jid">The number's JID, where it is known.</param>
    /// <param name="reason">Why, in words for people, where there is a why.</param>
    /// <param name="expiresAt">When it ends by itself, as a temporary ban does.</param>
    public static string DeviceNotice(string deviceId, string? jid, string? reason, DateTimeOffset at, DateTimeOffset? expiresAt = null)
    {
        var json = JsonScratch.Rent();
        var writer = json.Writer;
        writer.WriteStartObject();
        writer.WriteString("device_id"u8, deviceId);
        if (jid is not null)
        {
            writer.WriteString("jid"u8, jid);
        }

        if (reason is not null)
        {
            writer.WriteString("reason"u8, reason);
        }

        if (expiresAt is { } end)
        {
            writer.WriteRfc3339("expires_at"u8, end);
        }

        writer.WriteRfc3339("timestamp"u8, at);
        writer.WriteEndObject();
        return json.ToString();
    }

    /// <summary>For <c>qr.generated</c>.</summary>
    public static string QrGenerated(string deviceId, string code, DateTimeOffset expiresAt)
    {
        var json = JsonScratch.Rent();
        var writer = json.Writer;
        writer.WriteStartObject();
        writer.WriteString("qr_code"u8, code);
        writer.WriteRfc3339("expires_at"u8, expiresAt);
        writer.WriteString("device_id"u8, deviceId);
        writer.WriteEndObject();
        return json.ToString();
    }
}
