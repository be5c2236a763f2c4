using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Wuts.Webhooks;

/// <summary>
/// An endpoint's signing key. A secret of the form <c>whsec_</c> + base64 stands for the decoded bytes, as Standard Webhooks 1.0.0
/// has it; any other text stands for its UTF-8 bytes. Both signatures, the header's and the body's, use these bytes.
/// </summary>
public sealed class WebhookSecret
{
    public const int MaxLength = 256;
    public const int MinKeyBytes = 24;
    public const int MaxKeyBytes = 64;

    private const string Prefix = "whsec_";

    private readonly byte[] _key;

    private WebhookSecret(byte[] key) => _key = key;

    /// <summary>Reads a secret as a tenant wrote it.</summary>
    /// <returns>The secret, or <c>null</c> with the reason, which never repeats the secret, in <paramref name="error"/>.</returns>
    public static WebhookSecret? Parse(string? value, out string? error)
    {
        error = null;
        if (value is not { Length: > 0 and <= MaxLength })
        {
            error = $"must be 1 to {MaxLength} characters";
            return null;
        }

        if (!value.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return new(Encoding.UTF8.GetBytes(value));
        }

        var key = new byte[MaxLength];
        if (Convert.TryFromBase64Chars(value.AsSpan(Prefix.Length), key, out var length) && length is >= MinKeyBytes and <= MaxKeyBytes)
        {
            return new(key[..length]);
        }

        error = $"begins with {Prefix} and must then be base64 of {MinKeyBytes} to {MaxKeyBytes} bytes";
        return null;
    }

    /// <summary>The HMAC-SHA256 of an envelope that has no <c>signature</c> member yet.</summary>
    internal void SignEnvelope(ReadOnlySpan<byte> unsigned, Span<byte> digest) => HMACSHA256.HashData(_key, unsigned, digest);

    /// <summary>The value of <c>webhook-signature</c> for one attempt.</summary>
    internal string SignAttempt(string id, long unixSeconds, ReadOnlySpan<byte> body)
    {
        var prefix = string.Create(null, stackalloc char[128], $"{id}.{unixSeconds}.");
        var signed = ArrayPool<byte>.Shared.Rent(prefix.Length + body.Length);
        try
        {
            var length = Encoding.ASCII.GetBytes(prefix, signed);
            body.CopyTo(signed.AsSpan(length));
            Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(_key, signed.AsSpan(0, length + body.Length), digest);
            return "v1," + Convert.ToBase64String(digest);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(signed);
        }
    }

    /// <summary>Says nothing, so that no log can.</summary>
    public override string ToString() => nameof(WebhookSecret);
}
