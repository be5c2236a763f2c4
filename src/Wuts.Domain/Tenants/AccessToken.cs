using System.Security.Cryptography;
using System.Text;

namespace Wuts.Domain.Tenants;

/// <summary>Bearer tokens: 128 random bits or more, so a plain digest is enough to store them.</summary>
public static class AccessToken
{
    /// <summary>SHA-256 in lower-case hexadecimal.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
