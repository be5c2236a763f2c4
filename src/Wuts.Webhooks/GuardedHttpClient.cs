using System.Diagnostics;
using System.Net;
using System.Net.Http;
using Microsoft.Extensions.Options;

namespace Wuts.Webhooks;

/// <summary>
/// The one HTTP client for URLs that tenants give us. It goes to public addresses, over <c>https</c> and on allowed ports only
/// (see <see cref="WebhookOptions"/>); follows no redirect, uses no proxy, keeps no cookie, unpacks nothing, and sends no trace
/// headers. Answers return as soon as their headers are in: the caller caps the body, and the time.
/// </summary>
/// <exception cref="TargetRefusedException">
/// The URL is refused as such. When its host turns out to have no public address, it is the inner exception of an
/// <see cref="HttpRequestException"/>.
/// </exception>
public sealed class GuardedHttpClient : HttpMessageInvoker
{
    private const int MaxHeadersKilobytes = 16;
    private const int MaxDrainBytes = 16 * 1024;
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(1);

    private readonly WebhookOptions _options;

    public GuardedHttpClient(IOptions<WebhookOptions> options)
        : this(options.Value, Dns.GetHostAddressesAsync)
    {
    }

    internal GuardedHttpClient(WebhookOptions options, ResolveHost resolve)
        : this(options, CreateHandler(options, new(resolve, options.AllowPrivateTargets)))
    {
    }

    /// <summary>For a simulated internet.</summary>
    internal GuardedHttpClient(WebhookOptions options, HttpMessageHandler handler)
        : base(handler) => _options = options;

    public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        WebhookUrl.Refuse(request.RequestUri!, _options) is { } reason
            ? Task.FromException<HttpResponseMessage>(new TargetRefusedException($"The URL {reason}."))
            : base.SendAsync(request, cancellationToken);

    public override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Connections are made asynchronously.");

    private static SocketsHttpHandler CreateHandler(WebhookOptions options, VettedConnector connector) => new()
    {
        ConnectCallback = connector.ConnectAsync,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionLifetime = options.ConnectionLifetime,
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = MaxHeadersKilobytes,

        // An answer that nobody reads to its end costs its connection, unless the rest is small.
        MaxResponseDrainSize = MaxDrainBytes,
        ResponseDrainTimeout = DrainTimeout,
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
    };
}
