using System.Globalization;
using System.Text.RegularExpressions;
using Dewy.Engine.Addresses;
using Dewy.Engine.Diagnostics;

namespace Dewy.Engine.Registries;

/// <summary>Takes a registry's URL apart. Knows no scheme: what is valid for one is for the <see cref="RegistryCatalog"/> to say.</summary>
internal static partial class RegistryAddressReader
{
    /// <summary>Splits <c>scheme://authority/path?query</c>; no base directory, no scheme's own rules.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: the text is no such URL.</exception>
    public static RegistryAddress Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var display = Mask(text);
        if (text.Length > UrlText.Longest || !Shape().IsMatch(text))
            throw Invalid(display, "it is not of the form scheme://…", "Write a URL such as file:///srv/releases/app.");
        if (text.Contains('#', StringComparison.Ordinal))
            throw Invalid(display, "it has a fragment", "Write # as %23 where it belongs to a name.");

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var url = new UrlText(text, colon + 3, (why, nextStep) => Invalid(display, why, nextStep));
        if (url.Authority.Contains('@', StringComparison.Ordinal))
            throw Invalid(display, "it carries credentials", "Take them out of the URL and give them as the registry's environment variables.");
        var path = url.Decode(url.Path);
        ThrowIfBadAuthority(url.Authority, display);
        return new RegistryAddress
        {
            Scheme = text[..colon].ToLowerInvariant(),
            Authority = url.Decode(url.Authority),
            Path = path,
            Parameters = url.ReadParameters(shown: static name => name),
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

    /// <summary>User and password: up to the last @ of the authority, or of the path where a password has a slash that should have been encoded.</summary>
    [GeneratedRegex(@"\A(?<scheme>[^:/?#]*://)([^/?]*|[^/?:]*:[^/?]*[^0-9/?][^/?]*/[^?]*)@", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex UserInfo();

    /// <summary>The same in a URL that is a parameter's value, encoded or not.</summary>
    [GeneratedRegex(@"(?<scheme>[?&][^=&]*=[^&]*?(://|%3A%2F%2F))[^&/]*(@|%40)", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex InnerUserInfo();

    [GeneratedRegex(@"(?<name>[?&][^=&]*(token|secret|passw|key|credential)[^=&]*=)[^&]*", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex SecretParameter();
}
