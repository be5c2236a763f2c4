using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Wuts.Api.Authentication;

/// <summary>Tokens as they travel.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";
    private const int Longest = 512;

    /// <summary>The token of a request: <c>Authorization: Bearer …</c> in any case, or the bare token. <c>null</c> without a usable one.</summary>
    public static string? Of(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } value])
        {
            return null;
        }

        value = value.Trim();
        var token = value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? value[Scheme.Length..].Trim() : value;
        return token.Length is > 0 and <= Longest && !token.Equals("bearer", StringComparison.OrdinalIgnoreCase) ? token : null;
    }

    /// <summary>A new token: a UUID of version 4, as the contract has it, from the system's secure source.</summary>
    public static string Issue()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
