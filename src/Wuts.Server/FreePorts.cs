using System.Net;
using System.Net.Sockets;

namespace Wuts.Server;

/// <summary>Ports of the loopback interface that nobody listens on at the moment.</summary>
internal static class FreePorts
{
    public static (int First, int Second) Two()
    {
        using var first = Listen();
        using var second = Listen(); // while the first is held, so that they differ
        return (PortOf(first), PortOf(second));
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
