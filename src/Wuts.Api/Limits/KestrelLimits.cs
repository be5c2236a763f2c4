using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Wuts.Api.Limits;

/// <summary>
/// Sets Kestrel's own limits. Kestrel refuses with an empty body, so the limit on headers is set a good deal higher than ours,
/// which <see cref="HeaderLimit"/> then answers in the envelope.
/// </summary>
internal sealed class KestrelLimits(IOptions<LimitOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    private const int Headroom = 4;

    public void Configure(KestrelServerOptions kestrel)
    {
        var limits = options.Value;
        var headers = limits.HeaderBytes * Headroom;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestHeadersTotalSize = headers;
        kestrel.Limits.MaxRequestBufferSize = Math.Max(headers, 1024 * 1024);
        kestrel.Limits.MaxRequestHeaderCount = 1000;
        kestrel.Limits.RequestHeadersTimeout = limits.HeaderTimeout;
        kestrel.Limits.KeepAliveTimeout = limits.KeepAliveTimeout;
    }
}
