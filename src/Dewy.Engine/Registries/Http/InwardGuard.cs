using System.Net;
using System.Net.Sockets;

namespace Dewy.Engine.Registries.Http;

/// <summary>
/// Makes the connections to a registry and to where it sends us (token servers, blob stores), and refuses addresses that
/// are further inside than the registry's own: a registry out there must not have the agent ask the cloud's metadata
/// service or the host's loopback. The address is judged that is connected to, so that no later answer of the DNS counts.
/// </summary>
/// <param name="registry">The registry as the user named it, which may be anywhere.</param>
/// <param name="refuse">Makes the failure of a refused address from a sentence about it.</param>
/// <param name="zoneOf">Tells how far inside an address is; null for <see cref="NetworkZones.Of"/>.</param>
internal sealed class InwardGuard(Uri registry, Func<string, DewyException> refuse, Func<IPAddress, NetworkZone>? zoneOf = null)
{
    private readonly Func<IPAddress, NetworkZone> _zoneOf = zoneOf ?? NetworkZones.Of;

    /// <summary>Where the registry was found; until then a stranger.</summary>
    private volatile int _registryZone = (int)NetworkZone.Public;

    /// <summary>
    /// Whether a site's own addresses are open to a registry anywhere: where naming files in other places is what the
    /// registry is for. The host's loopback and its wire stay closed all the same.
    /// </summary>
    public bool AllowsPrivate { get; init; }

    /// <summary>Puts itself in front of a handler's connections.</summary>
    public HttpMessageHandler Attach(HttpMessageHandler handler)
    {
        if (handler is SocketsHttpHandler sockets)
            sockets.ConnectCallback = ConnectAsync;
        return handler;
    }

    /// <summary>Opens a connection, or throws what <c>refuse</c> made.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var endPoint = context.DnsEndPoint;
        var wanted = Wanted(context.InitialRequestMessage);
        var isRegistry = UrlText.IsSameOrigin(wanted, registry);
        var throughProxy = context.InitialRequestMessage.Method == HttpMethod.Connect
            || !wanted.IdnHost.Equals(endPoint.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
            || wanted.Port != endPoint.Port;
        IReadOnlyList<IPAddress> addresses = IPAddress.TryParse(endPoint.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(endPoint.Host, cancellationToken);
        if (throughProxy)
            ThrowIfProxyIsSentInside(wanted, isRegistry);
        else if (!isRegistry)
            addresses = Allowed(wanted, addresses);

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync([.. addresses], endPoint.Port, cancellationToken);
            if (isRegistry && !throughProxy && socket.RemoteEndPoint is IPEndPoint { Address: var address })
                _registryZone = (int)_zoneOf(address);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Where a request is to end up. One that opens a proxy's tunnel has the proxy's address, and the other end in its Host header.</summary>
    private Uri Wanted(HttpRequestMessage request)
    {
        if (request.Method == HttpMethod.Connect && Uri.TryCreate($"https://{request.Headers.Host}/", UriKind.Absolute, out var end))
            return end;
        return request.RequestUri ?? registry;
    }

    private List<IPAddress> Allowed(Uri wanted, IReadOnlyList<IPAddress> addresses)
    {
        var allowed = addresses.Where(address => MayLead((NetworkZone)_registryZone, _zoneOf(address))).ToList();
        return allowed.Count > 0 || addresses.Count == 0 ? allowed : throw Refusal(wanted, addresses[0]);
    }

    // Names are resolved by the proxy, on whose network they mean what they mean; addresses are judged here.
    private void ThrowIfProxyIsSentInside(Uri wanted, bool isRegistry)
    {
        if (!isRegistry
            && IPAddress.TryParse(wanted.IdnHost, out var address)
            && !MayLead(IPAddress.TryParse(registry.IdnHost, out var own) ? _zoneOf(own) : NetworkZone.Public, _zoneOf(address)))
            throw Refusal(wanted, address);
    }

    private bool MayLead(NetworkZone from, NetworkZone to) => (AllowsPrivate && to is NetworkZone.Private) || NetworkZones.MayLead(from, to);

    private DewyException Refusal(Uri wanted, IPAddress address) =>
        refuse($"it leads to {UrlText.Of(wanted)} at {address}, an address inside this host's network where a registry outside has no business");
}
