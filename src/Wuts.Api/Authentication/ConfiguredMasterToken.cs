using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Wuts.Api.Authentication;

/// <summary>The master token of the setting <c>Wuts:MasterToken</c>. Without the setting nothing matches.</summary>
internal sealed class ConfiguredMasterToken : IMasterToken
{
    public const string Key = "Wuts:MasterToken";

    private readonly byte[]? _digest;

    public ConfiguredMasterToken(IConfiguration configuration)
    {
        var token = configuration[Key];
        _digest = string.IsNullOrEmpty(token) ? null : Digest(token);
    }

    // Digests have one length, so not even the token's length shows in the time.
    public bool Matches(string token) => _digest is not null && CryptographicOperations.FixedTimeEquals(_digest, Digest(token));

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
