using System.Net;

namespace Dewy.Engine.Notifications.Http;

/// <summary>The web address a notifier's URL stands for.</summary>
internal static class WebAddress
{
    /// <summary>A secret shorter than this is no secret, and words like <c>hooks</c> are none either.</summary>
    private const int ShortestToken = 16;

    /// <summary>Host, port and path with another scheme; https, and http to this host's own loopback.</summary>
    public static Uri? Of(NotifierAddress address, string? scheme = null, string query = "")
    {
        scheme ??= IsLoopback(address.Authority) ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        return Uri.TryCreate($"{scheme}://{address.Authority}/{address.RawPath}{query}", UriKind.Absolute, out var url) && url.Host.Length > 0 ? url : null;
    }

    /// <summary>The address without its path, which in hooks of the web is a password more often than not.</summary>
    public static string Display(NotifierAddress address) =>
        $"{address.Scheme}://{address.Authority}{(address.RawPath.Length > 0 ? "/***" : "")}";

    /// <summary>Words of the path that look like tokens.</summary>
    public static IEnumerable<string> TokensIn(NotifierAddress address) =>
        address.RawPath.Split('/').Where(word => word.Length >= ShortestToken);

    /// <exception cref="DewyException">The address is no web address.</exception>
    public static void Require(NotifierAddress address, string form)
    {
        if (address.Authority.Length == 0 || Of(address, Uri.UriSchemeHttps) is null)
            throw NotifierAddressReader.Invalid(address.DisplayName, "the part after // is not a host or a host and a port", $"Write {form}.");
    }

    public static bool IsLoopback(string authority) =>
        Uri.TryCreate($"http://{authority}/", UriKind.Absolute, out var url)
        && (url.IsLoopback || (IPAddress.TryParse(url.IdnHost, out var ip) && IPAddress.IsLoopback(ip)));
}
