using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Wuts.Webhooks;

/// <summary>
/// The id of an event: a UUID of version 8 made of what the event is, so that every retry, on any silo and after any restart,
/// carries the same <c>webhook-id</c> although none is stored.
/// </summary>
internal static class WebhookEventId
{
    public static string Of(string endpointId, long sequence, string type, string? messageId, DateTimeOffset at)
    {
        // Microseconds, because databases keep no more.
        var name = string.Create(
            CultureInfo.InvariantCulture, $"{endpointId}\n{sequence}\n{type}\n{messageId}\n{at.UtcTicks / TimeSpan.TicksPerMicrosecond}");
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), digest);
        digest[6] = (byte)((digest[6] & 0x0F) | 0x80);
        digest[8] = (byte)((digest[8] & 0x3F) | 0x80);
        return new Guid(digest[..16], bigEndian: true).ToString();
    }
}
