using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Dewy.Engine.Proxy.Standalone;

/// <summary>The address of a backend as a person writes it.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">TCP port.</param>
/// <param name="Path">Path and query of a URL, <c>/</c> at least; null where it was no URL.</param>
internal sealed record BackendAddress(string Host, int Port, string? Path)
{
    /// <summary>Reads <c>host:port</c>, <c>[::1]:port</c> or an <c>http://</c> URL.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>.</exception>
    public static BackendAddress Parse(string text)
    {
        var isUrl = text.Contains("://", StringComparison.Ordinal);
        if (!Uri.TryCreate(isUrl ? text : $"tcp://{text}", UriKind.Absolute, out var uri) || uri.HostNameType == UriHostNameType.Unknown || uri.Port is < 1 or > IPEndPoint.MaxPort)
            throw Refuse(text, "is not an address such as 127.0.0.1:5001");
        if (isUrl && uri.Scheme is not "http")
            throw Refuse(text, "is not asked over plain HTTP, as backends are");
        if (uri.UserInfo.Length > 0)
            throw new DewyException(ErrorCode.InvalidOption, "An address with a user or a password in it is refused.") { NextStep = "Leave them out." };
        return new BackendAddress(uri.IdnHost.Trim('[', ']'), uri.Port, isUrl ? uri.PathAndQuery : null);
    }

    /// <summary>The address of the network; of a name the first one, IPv4 before IPv6.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: the name is not known.</exception>
    public async Task<IPEndPoint> ResolveAsync(CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(Host, out var address))
            return new IPEndPoint(address, Port);
        try
        {
            var found = await Dns.GetHostAddressesAsync(Host, cancellationToken);
            return new IPEndPoint(found.OrderBy(candidate => candidate.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).First(), Port);
        }
        catch (Exception exception) when (exception is SocketException or InvalidOperationException)
        {
            throw Refuse(ToString(), $"cannot be resolved: {exception.Message}");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal)
        ? $"[{Host}]:{Port.ToString(CultureInfo.InvariantCulture)}"
        : $"{Host}:{Port.ToString(CultureInfo.InvariantCulture)}";

    private static DewyException Refuse(string text, string why) =>
        new(ErrorCode.InvalidOption, $"'{text}' {why}.") { Target = text, NextStep = "Give host:port, [address]:port or http://host:port." };
}
