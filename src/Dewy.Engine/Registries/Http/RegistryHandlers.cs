using System.Net;

namespace Dewy.Engine.Registries.Http;

/// <summary>Makes the connections to registries: all alike, so that limits and proxies hold everywhere.</summary>
internal static class RegistryHandlers
{
    /// <summary>Longest time until a connection stands, name resolution and TLS included.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>How long a connection is used before names are resolved anew.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A handler that follows no redirects, keeps no cookies and unpacks nothing: whoever asks decides about those. Proxies
    /// are those of the environment (<c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>, <c>NO_PROXY</c>) or the system.
    /// </summary>
    public static HttpMessageHandler Create() => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        Proxy = new DirectLoopbackProxy(HttpClient.DefaultProxy),
        UseProxy = true,
    };
}
