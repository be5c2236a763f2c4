using System.Text.Json;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Domain.Webhooks;

namespace Wuts.Webhooks;

/// <summary>Writes the <c>data</c> of an event about a message that was sent from here.</summary>
internal static class MessageEventData
{
    private const string UncertainReason =
        "It was handed over and nobody knows whether it left. It is not sent again without evidence.";

    public static void Write(Utf8JsonWriter writer, WebhookEvent @event, Message message)
    {
        writer.WriteStartObject();
        if (@event.Type == WebhookEvents.MessageSent)
        {
            WriteSent(writer, @event, message.Envelope);
        }
        else
        {
            WriteReceipt(writer, @event, message);
        }

        writer.WriteEndObject();
    }

    private static void WriteSent(Utf8JsonWriter writer, WebhookEvent @event, MessageEnvelope envelope)
    {
        writer.WriteString("message_id"u8, envelope.Id);
        writer.WriteString("chat_jid"u8, envelope.ChatJid);
        writer.WriteString("to"u8, envelope.ChatJid);
        writer.WriteString("content"u8, envelope.Content is TextContent text ? text.Text : null);
        writer.WriteString("message_type"u8, envelope.Content.Kind);
        writer.WriteRfc3339("timestamp"u8, @event.At);
        writer.WriteBoolean("is_from_me"u8, true);
    }

    private static void WriteReceipt(Utf8JsonWriter writer, WebhookEvent @event, Message message)
    {
        var envelope = message.Envelope;
        var isGroup = Jid.IsGroup(envelope.ChatJid);
        writer.WriteStartArray("message_ids"u8);
        writer.WriteStringValue(envelope.Id);
        writer.WriteEndArray();
        writer.WriteString("message_id"u8, envelope.Id);
        writer.WriteString("chat_jid"u8, envelope.ChatJid);
        if (@event.Type is WebhookEvents.MessageDelivered or WebhookEvents.MessageRead or WebhookEvents.MessagePlayed)
        {
            // Evidence is kept per message, not per member of a group: there nobody in particular has received it.
            writer.WriteString("sender_jid"u8, isGroup ? null : envelope.ChatJid);
        }

        writer.WriteRfc3339("timestamp"u8, @event.At);
        writer.WriteBoolean("is_group"u8, isGroup);
        if (@event.Type == WebhookEvents.MessageUncertain)
        {
            writer.WriteString("reason"u8, UncertainReason);
        }

        // Not Message.Failure: a receipt may have overtaken the failure by the time it is told.
        if (@event.Type is WebhookEvents.MessageFailed or WebhookEvents.MessageRejected && (message.Delivery.Failure ?? message.LastFailure) is { } failure)
        {
            writer.WriteString("code"u8, failure.Code);
            writer.WriteString("class"u8, NameOf(failure.Class));
            writer.WriteBoolean("retryable"u8, failure.Retryable);
            writer.WriteString("reason"u8, failure.Explanation);
        }
    }

    private static string NameOf(FailureClass @class) => @class switch
    {
        FailureClass.Template => "template",
        FailureClass.Consent => "consent",
        FailureClass.Quality => "quality",
        FailureClass.Account => "account",
        FailureClass.Session => "session",
        FailureClass.Recipient => "recipient",
        FailureClass.Content => "content",
        FailureClass.Transient => "transient",
        FailureClass.Policy => "policy",
        _ => throw new ArgumentOutOfRangeException(nameof(@class), @class, null),
    };
}
