using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;

namespace Wuts.Transports.Simulator.Remote;

/// <summary>HTTP between the network, silos and gateways: straight, without proxies, redirects or a time limit of its own.</summary>
internal static class WireClient
{
    private const int LargestAnswer = 1024 * 1024;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    // Shorter than any server here keeps an idle connection, so that no request meets one that is just being closed.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);

    // Addresses are names of services: they are looked up again now and then.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public static HttpClient Create(string token, int mostConnections) =>
        new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionIdleTimeout = IdleTimeout,
            PooledConnectionLifetime = Lifetime,
            MaxConnectionsPerServer = mostConnections,
            ConnectCallback = ConnectAsync,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LargestAnswer,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };

    /// <summary>A body whose length is known, so that it travels in one piece.</summary>
    public static ByteArrayContent Json<T>(T body) => Json(JsonSerializer.SerializeToUtf8Bytes(body, WireJson.Of<T>()));

    public static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    /// <summary>Whether a request failed before it had a connection: then nothing of it left.</summary>
    public static bool NeverLeft(Exception e) => e
        is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
        }
        or OperationCanceledException { InnerException: TimeoutException }; // the connect timeout: there is no other here

    // A request waits as long as the other side lives. Probes find out when it does not, and nothing tells of its end.
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 15);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
