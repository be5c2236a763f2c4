using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Wuts.Testing;

/// <summary>
/// Ports of the loopback interface for processes that start later. Below those that the system gives to outgoing connections, so that
/// none of these takes one meanwhile, and never the same twice in a process.
/// </summary>
public static class FreePort
{
    private const int First = 12_000;
    private const int Last = 31_999;

    private static readonly Lock Gate = new();
    private static int _next = Random.Shared.Next(First, Last);

    public static int Next()
    {
        lock (Gate)
        {
            while (true)
            {
                _next = _next < Last ? _next + 1 : First;
                if (IsFree(_next))
                {
                    return _next;
                }
            }
        }
    }

    private static bool IsFree(int port)
    {
        if (IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener => listener.Port == port))
        {
            return false;
        }

        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
