using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Dewy.Engine.Registries.Http;

namespace Dewy.Engine.Notifications.Http;

/// <summary>Connects to a web address as a request would, and asks nothing: hooks of the web take every request for a message.</summary>
internal static class WebProbe
{
    /// <summary>Resolves the host, connects, and shakes hands where the address is of https. Behind a proxy it is the proxy that is reached.</summary>
    /// <param name="url">The address.</param>
    /// <param name="what">What does not happen, to end the sentence with: <c>the webhook itself is not tried</c>.</param>
    public static async Task<NotifierProbe> ConnectAsync(Uri url, string what, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        var proxies = new DirectLoopbackProxy(HttpClient.DefaultProxy);
        var proxy = proxies.IsBypassed(url) ? null : proxies.GetProxy(url);
        var reached = proxy ?? url;
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(reached.IdnHost, reached.Port, cancellationToken);
            if (proxy is not null)
                return new NotifierProbe($"The proxy {proxy.Authority} on the way to {url.Host} takes connections; {what}.");
            if (url.Scheme != Uri.UriSchemeHttps)
                return new NotifierProbe($"{url.Authority} takes connections, without TLS; {what}.");
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = url.IdnHost }, cancellationToken);
            return new NotifierProbe($"{url.Authority} takes connections, and its certificate is trusted; {what}.");
        }
        catch (SocketException exception)
        {
            return Unreachable(exception.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain
                ? new NotifierFailure($"the name {reached.Host} does not resolve", "Check the notifier's URL and this host's DNS", IsTransient: true)
                : new NotifierFailure($"{reached.Authority} cannot be reached: {exception.Message}", "Check the network, the address and the firewall between this host and the service", IsTransient: true));
        }
        catch (AuthenticationException exception)
        {
            return Unreachable(new NotifierFailure($"there is no secure connection to {url.Authority}: {exception.Message.TrimEnd('.')}", "Check the service's certificate, this host's clock and its trusted authorities", IsTransient: false));
        }
        catch (IOException exception)
        {
            return Unreachable(new NotifierFailure($"the connection to {url.Authority} broke off: {exception.Message.TrimEnd('.')}", "Check the address, and whether it speaks TLS", IsTransient: true));
        }
    }

    private static NotifierProbe Unreachable(NotifierFailure failure) => new("", failure);
}
