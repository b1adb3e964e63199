using System.Globalization;
using System.Text.RegularExpressions;
using Dewy.Engine.Diagnostics;

namespace Dewy.Engine.Registries;

/// <summary>Takes a registry's URL apart. Knows no scheme: what is valid for one is for the <see cref="RegistryCatalog"/> to say.</summary>
internal static partial class RegistryAddressReader
{
    private const int LongestUrl = 8192;

    /// <summary>Splits <c>scheme://authority/path?query</c>; no base directory, no scheme's own rules.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: the text is no such URL.</exception>
    public static RegistryAddress Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var display = Mask(text);
        if (text.Length > LongestUrl || !Shape().IsMatch(text))
            throw Invalid(display, "it is not of the form scheme://…", "Write a URL such as file:///srv/releases/app.");
        if (text.Contains('#', StringComparison.Ordinal))
            throw Invalid(display, "it has a fragment", "Write # as %23 where it belongs to a name.");

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var question = text.IndexOf('?', StringComparison.Ordinal);
        var place = text[(colon + 3)..(question < 0 ? text.Length : question)];
        var slash = place.IndexOf('/', StringComparison.Ordinal);
        var authority = slash < 0 ? place : place[..slash];
        if (authority.Contains('@', StringComparison.Ordinal))
            throw Invalid(display, "it carries credentials", "Take them out of the URL and give them as the registry's environment variables.");
        var path = Decode(slash < 0 ? "" : place[(slash + 1)..], display);
        ThrowIfBadAuthority(authority, display);
        return new RegistryAddress
        {
            Scheme = text[..colon].ToLowerInvariant(),
            Authority = Decode(authority, display),
            Path = path,
            Parameters = ReadQuery(question < 0 ? "" : text[(question + 1)..], display),
            DisplayName = display,
        };
    }

    /// <summary>An authority without its port, and the port.</summary>
    public static (string Host, int? Port) SplitPort(string authority)
    {
        var colon = authority.LastIndexOf(':');
        return colon < 0 || authority.EndsWith(']') ? (authority, null) : (authority[..colon], int.Parse(authority[(colon + 1)..], CultureInfo.InvariantCulture));
    }

    public static DewyException Invalid(string display, string why, string nextStep, Exception? cause = null) =>
        new(ErrorCode.InvalidOption, $"The URL '{display}' is not valid: {why}.", cause) { Target = "registry", NextStep = nextStep };

    private static void ThrowIfBadAuthority(string authority, string display)
    {
        var match = AuthorityShape().Match(authority);
        if (!match.Success)
            throw Invalid(display, "the part after // is not a host or a host and a port", "Write host:port; IPv6 addresses stand in brackets: [::1]:5000.");
        if (match.Groups["v6"].Success && !System.Net.IPAddress.TryParse(match.Groups["v6"].ValueSpan, out _))
            throw Invalid(display, $"'[{match.Groups["v6"].Value}]' is not an IPv6 address", "Write an address such as [::1] or [2001:db8::1]:5000.");
        if (match.Groups["port"] is { Success: true } port && !ushort.TryParse(port.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            throw Invalid(display, "what follows the host is not a port", "Write a port from 0 to 65535.");
    }

    private static Dictionary<string, string> ReadQuery(string query, string display)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = Decode(equals < 0 ? pair : pair[..equals], display).ToLowerInvariant();

            // A plus sign in a query is a space, as in forms and in the Go program.
            var value = equals < 0 ? "true" : Decode(pair[(equals + 1)..].Replace('+', ' '), display);
            if (!parameters.TryAdd(name, value))
                throw Invalid(display, $"the parameter '{name}' stands there twice", "Give it once.");
        }

        return parameters;
    }

    private static string Decode(string text, string display)
    {
        if (BadEscape().IsMatch(text))
            throw Invalid(display, "a % is not followed by two hexadecimal digits", "Write % itself as %25.");
        var decoded = Uri.UnescapeDataString(text);
        return decoded.Any(char.IsControl)
            ? throw Invalid(display, "it has control characters", "Take them out.")
            : decoded;
    }

    /// <summary>A URL with its secrets masked and nothing in it that a terminal would obey.</summary>
    public static string Mask(string text)
    {
        var printable = string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
        var outer = UserInfo().Replace(printable, $"${{scheme}}{SecretRedactor.Mask}@");
        var inner = InnerUserInfo().Replace(outer, $"${{scheme}}{SecretRedactor.Mask}@");
        return SecretParameter().Replace(inner, $"${{name}}{SecretRedactor.Mask}");
    }

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9+.-]*://", RegexOptions.NonBacktracking)]
    private static partial Regex Shape();

    [GeneratedRegex(@"\A(\[(?<v6>[^\[\]]*)\]|[^\[\]:]*)(:(?<port>[^:]*))?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex AuthorityShape();

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BadEscape();

    /// <summary>User and password: up to the last @ of the authority, or of the path where a password has a slash that should have been encoded.</summary>
    [GeneratedRegex(@"\A(?<scheme>[^:/?#]*://)([^/?]*|[^/?:]*:[^/?]*[^0-9/?][^/?]*/[^?]*)@", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex UserInfo();

    /// <summary>The same in a URL that is a parameter's value, encoded or not.</summary>
    [GeneratedRegex(@"(?<scheme>[?&][^=&]*=[^&]*?(://|%3A%2F%2F))[^&/]*(@|%40)", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex InnerUserInfo();

    [GeneratedRegex(@"(?<name>[?&][^=&]*(token|secret|passw|key|credential)[^=&]*=)[^&]*", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex SecretParameter();
}
