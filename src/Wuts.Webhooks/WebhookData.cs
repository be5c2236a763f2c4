using System.Text.Json;
using Wuts.Domain.Compliance;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;

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

    /// <summary>For <c>consent.opted_out</c> and <c>consent.opted_in</c>.</summary>
    /// <param name="messageId">The message by which the recipient said so.</param>
    public static string ConsentChanged(Consent consent, string messageId)
    {
        var json = JsonScratch.Rent();
        var writer = json.Writer;
        writer.WriteStartObject();
        writer.WriteString("chat_jid"u8, consent.ChatJid);
        writer.WriteString("state"u8, consent.State == ConsentState.OptedOut ? "opted_out"u8 : "opted_in"u8);
        writer.WriteString("keyword"u8, consent.Detail);
        writer.WriteString("message_id"u8, messageId);
        writer.WriteString("device_id"u8, consent.DeviceId);
        writer.WriteRfc3339("timestamp"u8, consent.At);
        writer.WriteEndObject();
        return json.ToString();
    }

    /// <summary>For <c>quota.exceeded</c>.</summary>
    /// <param name="deviceId">The device whose send was refused.</param>
    /// <param name="policy">The name of the quota.</param>
    /// <param name="limit">How much it gives.</param>
    /// <param name="resetsAt">When there is more, where that is known.</param>
    public static string QuotaExceeded(string deviceId, string policy, long limit, DateTimeOffset? resetsAt, DateTimeOffset at)
    {
        var json = JsonScratch.Rent();
        var writer = json.Writer;
        writer.WriteStartObject();
        writer.WriteString("device_id"u8, deviceId);
        writer.WriteString("policy"u8, policy);
        writer.WriteNumber("limit"u8, limit);
        if (resetsAt is { } reset)
        {
            writer.WriteRfc3339("resets_at"u8, reset);
        }

        writer.WriteRfc3339("timestamp"u8, at);
        writer.WriteEndObject();
        return json.ToString();
    }

    /// <summary>For <c>device.quality</c>.</summary>
    public static string DeviceQuality(string deviceId, string? jid, HealthReport report, Pace pace, DateTimeOffset at)
    {
        var json = JsonScratch.Rent();
        var writer = json.Writer;
        writer.WriteStartObject();
        writer.WriteString("device_id"u8, deviceId);
        if (jid is not null)
        {
            writer.WriteString("jid"u8, jid);
        }

        writer.WriteString("rating"u8, NameOf(pace.Rating));
        writer.WriteNumber("score"u8, report.Score);
        writer.WriteString("health"u8, NameOf(report.Band));
        writer.WriteNumber("pace_per_minute"u8, Math.Round(pace.Rate * 60, 2));
        writer.WriteStartArray("signals"u8);
        foreach (var signal in report.Signals.Where(signal => signal.State != SignalState.Ok))
        {
            writer.WriteStartObject();
            writer.WriteString("signal"u8, NameOf(signal.Signal));
            if (signal.Category is { } category)
            {
                writer.WriteString("category"u8, NameOf(category));
            }

            writer.WriteString("state"u8, NameOf(signal.State));
            writer.WriteString("advice"u8, signal.Advice);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
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

    private static string NameOf(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
