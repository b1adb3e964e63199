using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Dewy.Engine.Processes;

/// <summary>Reads the values of <c>--port</c>.</summary>
internal static class ListenAddressParser
{
    /// <summary>More sockets than any program listens on; stops a mistyped range.</summary>
    public const int MostSockets = 256;

    /// <inheritdoc cref="ListenAddress.ParseAll"/>
    public static IReadOnlyList<ListenAddress> ParseAll(IEnumerable<string> specs)
    {
        ArgumentNullException.ThrowIfNull(specs);
        var found = new List<ListenAddress>();
        foreach (var item in specs.SelectMany(spec => (spec ?? "").Split(',')).Select(item => item.Trim()))
        {
            foreach (var address in ParseItem(item))
            {
                if (found.Find(earlier => Overlap(earlier, address)) is { } earlier)
                    throw Invalid(item, string.Equals(earlier.Spec, address.Spec, StringComparison.Ordinal) ? "is given twice" : $"is covered by '{earlier}' already");
                found.Add(address);
                if (found.Count > MostSockets)
                    throw Invalid(item, $"makes more than {MostSockets} sockets");
            }
        }

        return [.. found.Where(address => address.Path is null), .. found.Where(address => address.Path is not null)];
    }

    /// <summary>The address to bind: all IPv4 addresses where none is named (as Server::Starter does).</summary>
    public static IPAddress BindAddress(ListenAddress address) => address.Host switch
    {
        null => IPAddress.Any,
        "localhost" => IPAddress.Loopback,
        var host => IPAddress.Parse(host),
    };

    private static IEnumerable<ListenAddress> ParseItem(string item)
    {
        if (item.StartsWith('/'))
            return [ParsePath(item)];
        var colon = item.LastIndexOf(':');
        var (host, ports) = colon < 0 ? (null, item) : (ParseHost(item, item[..colon]), item[(colon + 1)..]);
        var dash = ports.IndexOf('-', StringComparison.Ordinal);
        var first = ParsePort(item, dash < 0 ? ports : ports[..dash]);
        var last = dash < 0 ? first : ParsePort(item, ports[(dash + 1)..]);
        if (last < first)
            throw Invalid(item, "is a range that ends before it begins");
        if (dash >= 0 && first == 0)
            throw Invalid(item, "is a range from port 0");
        if (last - first >= MostSockets)
            throw Invalid(item, $"makes more than {MostSockets} sockets");
        var prefix = colon < 0 ? "" : item[..(colon + 1)];
        return Enumerable.Range(first, last - first + 1).Select(port => new ListenAddress($"{prefix}{port}", host, port, Path: null));
    }

    private static ListenAddress ParsePath(string path)
    {
        if (path.EndsWith('/') || path.AsSpan().IndexOfAny(";=\0\n") >= 0)
            throw Invalid(path, "cannot be the path of a socket that is handed over (it ends in / or contains ; or =)");
        var longest = OperatingSystem.IsMacOS() ? 103 : 107; // sockaddr_un without its final NUL
        if (Encoding.UTF8.GetByteCount(path) > longest)
            throw Invalid(path, $"is longer than the {longest} bytes a Unix-domain socket's path may have");
        return new ListenAddress(path, Host: null, Port: null, path);
    }

    private static string ParseHost(string item, string host)
    {
        if (host is "localhost")
            return host;
        var bracketed = host.StartsWith('[') && host.EndsWith(']');
        if (IPAddress.TryParse(bracketed ? host[1..^1] : host, out var address)
            && address.AddressFamily == (bracketed ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork)
            && (bracketed || host.Count(character => character == '.') == 3))
        {
            return bracketed ? host[1..^1] : host;
        }

        throw Invalid(item, "does not begin with an IPv4 address, an IPv6 address in brackets, or localhost");
    }

    private static int ParsePort(string item, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort
            ? port
            : throw Invalid(item, "has no port from 0 to 65535");

    private static bool Overlap(ListenAddress one, ListenAddress other)
    {
        if (one.Path is not null || other.Path is not null)
            return string.Equals(one.Path, other.Path, StringComparison.Ordinal);
        if (one.Port != other.Port || one.Port == 0)
            return false;
        IPAddress first = BindAddress(one), second = BindAddress(other);
        return first.AddressFamily == second.AddressFamily
            && (first.Equals(second) || IsAny(first) || IsAny(second));
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static DewyException Invalid(string text, string problem) =>
        new(ErrorCode.InvalidOption, $"--port '{text}' {problem}.")
        {
            Target = "--port",
            NextStep = "Give ports like 8000, 127.0.0.1:8000, [::1]:8000, 8000,8100-8103, or the absolute path of a Unix-domain socket.",
        };
}
