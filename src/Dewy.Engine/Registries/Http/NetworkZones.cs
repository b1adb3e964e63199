using System.Net;
using System.Net.Sockets;

namespace Dewy.Engine.Registries.Http;

/// <summary>Tells zones of addresses (IANA's registries of special-purpose addresses, RFC 6890).</summary>
internal static class NetworkZones
{
    private static readonly IPNetwork[] LinkLocal = Networks("169.254.0.0/16", "fe80::/10");

    /// <summary>Where clouds answer each of their hosts although the address is no link-local one: AWS and Google over IPv6, Azure, Alibaba, Oracle.</summary>
    private static readonly IPNetwork[] CloudServices = Networks("fd00:ec2::/64", "fd20:ce::254/128", "168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32");

    private static readonly IPNetwork[] Loopback = Networks("127.0.0.0/8", "0.0.0.0/8", "::1/128", "::/128");

    private static readonly IPNetwork[] NotRouted = Networks(
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "224.0.0.0/3",
        "fc00::/7", "fec0::/10", "ff00::/8");

    /// <summary>IPv6 addresses that hold an IPv4 one in their last four bytes.</summary>
    private static readonly IPNetwork[] Embedding = Networks("64:ff9b::/96", "::/96");

    public static NetworkZone Of(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
            return Of(address.MapToIPv4());
        if (Any(Loopback, address))
            return NetworkZone.Loopback;
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && Any(Embedding, address))
            return Of(new IPAddress(address.GetAddressBytes().AsSpan(12)));
        return Any(LinkLocal, address) || Any(CloudServices, address) ? NetworkZone.LinkLocal
            : Any(NotRouted, address) ? NetworkZone.Private
            : NetworkZone.Public;
    }

    /// <summary>
    /// Whether a server at <paramref name="from"/> may send us to <paramref name="to"/>: never further inside than it is
    /// itself, and to the wire's own addresses only from there.
    /// </summary>
    public static bool MayLead(NetworkZone from, NetworkZone to) => to switch
    {
        NetworkZone.Public => true,
        NetworkZone.Private => from is NetworkZone.Private or NetworkZone.Loopback,
        _ => from == to,
    };

    private static bool Any(IPNetwork[] networks, IPAddress address) => Array.Exists(networks, network => network.Contains(address));

    private static IPNetwork[] Networks(params string[] texts) => [.. texts.Select(text => IPNetwork.Parse(text))];
}
