using System.Net;

namespace Dewy.Engine.Registries.Http;

/// <summary>The proxy of the environment, but never for this host's own loopback addresses: a proxy's loopback is another host's. Go programs do the same.</summary>
internal sealed class DirectLoopbackProxy(IWebProxy proxy) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => proxy.Credentials;
        set => proxy.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : proxy.GetProxy(destination);

    public bool IsBypassed(Uri host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.IsLoopback || proxy.IsBypassed(host);
    }
}
