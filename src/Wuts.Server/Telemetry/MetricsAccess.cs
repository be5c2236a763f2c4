using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Wuts.Api.Authentication;

namespace Wuts.Server.Telemetry;

/// <summary>Who may read the metrics: whoever has the metrics token, or the master token where the process knows it. Compared in constant time.</summary>
internal sealed class MetricsAccess(IOptions<TelemetryOptions> options, IMasterToken? master = null)
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? _digest = options.Value.MetricsToken is { } token ? Digest(token) : null;

    public bool Allows(HttpRequest request) =>
        request.Headers[HeaderNames.Authorization] is [{ } value]
        && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && value[Scheme.Length..].Trim() is { Length: > 0 } token
        && ((_digest is not null && CryptographicOperations.FixedTimeEquals(_digest, Digest(token))) || master?.Matches(token) == true);

    // Digests have one length, so not even the token's length shows in the time.
    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
