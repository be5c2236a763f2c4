using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Wuts.Domain.Sending;

namespace Wuts.Api.Sending;

/// <summary>
/// A digest of what a client asked for, by which a repeated idempotency key is told from a reused one. It is taken of the
/// request as understood, so that spacing, the writing of a number and stated defaults make no difference.
/// </summary>
internal static class SendFingerprint
{
    public static string Of(SendTextRequest request, string? namedDevice)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, "POST /send/text");
        Append(hash, namedDevice);
        Append(hash, request.Number);
        Append(hash, request.Text);
        Append(hash, (request.Delay ?? 0).ToString(CultureInfo.InvariantCulture));
        Append(hash, (request.TypingDuration ?? SendTextRequest.DefaultTypingSeconds).ToString(CultureInfo.InvariantCulture));
        Append(hash, request.DisablePresence == true ? "1" : "0");
        Append(hash, request.Quoted?.Key.Id);
        Append(hash, request.Quoted?.Key.FromMe == true ? "1" : "0");
        Append(hash, request.Quoted?.Message?.Conversation);
        foreach (var mention in request.Mentioned ?? [])
        {
            Append(hash, mention);
        }

        if (request.Category is { } category and not Category.Utility)
        {
            Append(hash, $"category {category}"); // the default adds nothing, as it did before there were categories
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Each part goes in with its length, so that no two lists of parts run together to the same bytes. Absent is not empty.
    private static void Append(IncrementalHash hash, string? part)
    {
        var bytes = Encoding.UTF8.GetBytes(part ?? string.Empty);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, part is null ? -1 : bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
