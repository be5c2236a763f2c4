using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Wuts.Domain.Sending;

/// <summary>
/// Message ids in WhatsApp's form for linked devices: <c>3EB0</c> and 20 upper-case hexadecimal digits, 80 bits.
/// An id is a digest of the tenant and of what names the request, so that repeating the request repeats the id.
/// </summary>
public static class MessageId
{
    public const string Prefix = "3EB0";
    private const int Bytes = 10;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789ABCDEF");

    /// <summary>The id of a request that carried an idempotency key: the same tenant and key give the same id, on every silo, for ever.</summary>
    public static string FromIdempotencyKey(string tenantId, string key) => Derive("key", tenantId, key);

    /// <summary>The id of a request without a key, from a value that is unique to it (a random one).</summary>
    public static string FromOperation(string tenantId, string operationId) => Derive("operation", tenantId, operationId);

    public static bool IsWellFormed(string id) =>
        id.Length == Prefix.Length + 2 * Bytes
        && id.StartsWith(Prefix, StringComparison.Ordinal)
        && id.AsSpan(Prefix.Length).IndexOfAnyExcept(HexDigits) < 0;

    private static string Derive(string scope, string tenantId, string name)
    {
        var digest = HMACSHA256.HashData(Encoding.UTF8.GetBytes(tenantId), Encoding.UTF8.GetBytes($"{scope}\n{name}"));
        return Prefix + Convert.ToHexString(digest.AsSpan(0, Bytes));
    }
}
