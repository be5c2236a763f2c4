using System.Net;
using System.Net.Http;
using System.Net.Sockets;

namespace Wuts.Webhooks;

/// <summary>The addresses of a host, as <see cref="Dns.GetHostAddressesAsync(string, CancellationToken)"/> gives them.</summary>
internal delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken cancellationToken);

/// <summary>
/// Opens connections to public addresses only. It connects to the very address it has vetted, so that a name that resolves to
/// something else a moment later gains nothing.
/// </summary>
internal sealed class VettedConnector(ResolveHost resolve, bool allowPrivateTargets)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await VetAsync(context.DnsEndPoint.Host, cancellationToken);
        for (var i = 0; ; i++)
        {
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(addresses[i], context.DnsEndPoint.Port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (i < addresses.Length - 1)
            {
                socket.Dispose(); // the next address may be reachable: a host without IPv6 fails here at once
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <summary>A host's addresses that may be connected to; never none.</summary>
    public async Task<IPAddress[]> VetAsync(string host, CancellationToken cancellationToken)
    {
        var addresses = await resolve(host, cancellationToken);
        if (!allowPrivateTargets)
        {
            addresses = Array.FindAll(addresses, PublicAddress.Contains);
        }

        return addresses.Length > 0 ? addresses : throw new TargetRefusedException($"{host} has no public address.");
    }
}
