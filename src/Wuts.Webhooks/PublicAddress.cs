using System.Net;
using System.Net.Sockets;

namespace Wuts.Webhooks;

/// <summary>Whether an address belongs to the public internet, by the IANA special-purpose address registries.</summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] SpecialV4 =
    [
        IPNetwork.Parse("0.0.0.0/8"), // this host
        IPNetwork.Parse("10.0.0.0/8"), // private
        IPNetwork.Parse("100.64.0.0/10"), // carrier-grade NAT, and a cloud's metadata service
        IPNetwork.Parse("127.0.0.0/8"), // loopback
        IPNetwork.Parse("168.63.129.16/32"), // a public address, but on Azure it is the virtual machine's own host
        IPNetwork.Parse("169.254.0.0/16"), // link-local, and most clouds' metadata services
        IPNetwork.Parse("172.16.0.0/12"), // private
        IPNetwork.Parse("192.0.0.0/24"), // protocol assignments
        IPNetwork.Parse("192.0.2.0/24"), // documentation
        IPNetwork.Parse("192.88.99.0/24"), // 6to4 relays
        IPNetwork.Parse("192.168.0.0/16"), // private
        IPNetwork.Parse("198.18.0.0/15"), // benchmarks
        IPNetwork.Parse("198.51.100.0/24"), // documentation
        IPNetwork.Parse("203.0.113.0/24"), // documentation
        IPNetwork.Parse("224.0.0.0/4"), // multicast
        IPNetwork.Parse("240.0.0.0/4"), // reserved, and broadcast
    ];

    // Everything else that is special lies outside it: loopback, IPv4-mapped, NAT64, unique local, link-local, multicast.
    private static readonly IPNetwork GlobalUnicastV6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] SpecialV6 =
    [
        IPNetwork.Parse("2001::/23"), // protocol assignments: Teredo, ORCHID, benchmarks
        IPNetwork.Parse("2001:db8::/32"), // documentation
        IPNetwork.Parse("2002::/16"), // 6to4, which carries any IPv4 address inside
        IPNetwork.Parse("3fff::/20"), // documentation
    ];

    public static bool Contains(IPAddress address) => address.AddressFamily switch
    {
        // Said first, because IPNetwork compares an IPv4-mapped address by its IPv4 part, also with an IPv6 network.
        _ when address.IsIPv4MappedToIPv6 => false,
        AddressFamily.InterNetwork => !Array.Exists(SpecialV4, network => network.Contains(address)),
        AddressFamily.InterNetworkV6 => GlobalUnicastV6.Contains(address) && !Array.Exists(SpecialV6, network => network.Contains(address)),
        _ => false,
    };
}
