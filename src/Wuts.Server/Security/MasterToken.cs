using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Wuts.Api.Authentication;
using Wuts.Domain.Tenants;
using Wuts.Storage;

namespace Wuts.Server.Security;

/// <summary>The master token: the configured one, else one made at the first start, of which only the digest is kept.</summary>
internal sealed class MasterToken(IOptions<ServerOptions> options, ISettingStore settings) : IMasterToken
{
    private const string Setting = "master_token_sha256";

    private byte[] _digest = [];

    /// <summary>Reads the token, or makes one. Returns it exactly when it was made now, to be shown once.</summary>
    public async Task<string?> LoadAsync(CancellationToken cancellationToken)
    {
        if (options.Value.MasterToken is { } configured)
        {
            _digest = Encoding.ASCII.GetBytes(AccessToken.Hash(configured));
            return null;
        }

        var made = Guid.NewGuid().ToString();
        var stored = await settings.GetOrAddAsync(Setting, AccessToken.Hash(made), cancellationToken);
        _digest = Encoding.ASCII.GetBytes(stored);
        return stored == AccessToken.Hash(made) ? made : null;
    }

    public bool Matches(string token) => CryptographicOperations.FixedTimeEquals(_digest, Encoding.ASCII.GetBytes(AccessToken.Hash(token)));
}
