using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Wuts.Domain.Delivery;
using Wuts.Domain.Webhooks;

namespace Wuts.Webhooks;

/// <summary>One event of one endpoint as it is posted: <c>id, event, timestamp, device_id, user_id, sequence, data, signature</c>.</summary>
/// <param name="Id">The same for each rendering of the same event.</param>
/// <param name="Body">The exact bytes, which both signatures are about. Never written to again.</param>
public sealed record WebhookEnvelope(string Id, ReadOnlyMemory<byte> Body)
{
    private const int HexLength = 2 * HMACSHA256.HashSizeInBytes;

    /// <summary>Renders an event.</summary>
    /// <param name="secret">The endpoint's secret; without one there is no <c>signature</c>.</param>
    /// <param name="sequence">The event's number in its endpoint, counted without gaps.</param>
    /// <param name="message">The message it is about, or <c>null</c>.</param>
    /// <param name="dataJson">The data of an event that is not about a message: what <see cref="WebhookData"/> made of it.</param>
    public static WebhookEnvelope Render(
        WebhookEndpoint endpoint, WebhookSecret? secret, long sequence, WebhookEvent @event, Message? message, string? dataJson)
    {
        var id = WebhookEventId.Of(endpoint.Id, sequence, @event.Type, message?.Envelope.Id, @event.At);
        var json = JsonScratch.Rent();
        var writer = json.Writer;
        writer.WriteStartObject();
        writer.WriteString("id"u8, id);
        writer.WriteString("event"u8, @event.Type);
        writer.WriteNumber("timestamp"u8, @event.At.ToUnixTimeSeconds());
        writer.WriteString("device_id"u8, endpoint.DeviceId);
        writer.WriteString("user_id"u8, endpoint.UserId);
        writer.WriteNumber("sequence"u8, sequence);
        writer.WritePropertyName("data"u8);
        if (message is not null)
        {
            MessageEventData.Write(writer, @event, message);
        }
        else
        {
            writer.WriteRawValue(dataJson ?? "{}", skipInputValidation: true);
        }

        writer.WriteEndObject();
        return new(id, Sign(json.Written, secret));
    }

    // The signature is of the finished object; the member then takes the place of the closing brace.
    private static byte[] Sign(ReadOnlySpan<byte> unsigned, WebhookSecret? secret)
    {
        if (secret is null)
        {
            return unsigned.ToArray();
        }

        var before = ",\"signature\":\"sha256="u8;
        var after = "\"}"u8;
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        secret.SignEnvelope(unsigned, digest);

        var body = new byte[unsigned.Length - 1 + before.Length + HexLength + after.Length];
        unsigned[..^1].CopyTo(body);
        var rest = body.AsSpan(unsigned.Length - 1);
        before.CopyTo(rest);
        Convert.TryToHexStringLower(digest, rest[before.Length..], out _);
        after.CopyTo(rest[(before.Length + HexLength)..]);
        return body;
    }
}
