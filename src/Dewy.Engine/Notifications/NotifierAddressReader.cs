using System.Text.RegularExpressions;

namespace Dewy.Engine.Notifications;

/// <summary>Takes a notifier's URL apart. Until its scheme is known anything in it may be a secret, and no message shows it.</summary>
internal static partial class NotifierAddressReader
{
    private const int LongestUrl = 8192;

    /// <summary>Splits <c>scheme://authority/path?query</c>. What is valid for a scheme is for the <see cref="NotifierCatalog"/> to say.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: the text is no such URL.</exception>
    public static NotifierAddress Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var scheme = Scheme().Match(text);
        if (text.Length > LongestUrl || !scheme.Success)
            throw Invalid("***", "it is not of the form scheme://…", "Write a URL such as slack://general.");
        var name = scheme.Groups["name"].Value.ToLowerInvariant();
        var display = $"{name}://***";
        if (text.Contains('#', StringComparison.Ordinal))
            throw Invalid(display, "it has a #", name == "slack" ? "Leave the # of the channel out." : "Write # as %23 where it belongs to a name.");

        var question = text.IndexOf('?', StringComparison.Ordinal);
        var place = text[scheme.Length..(question < 0 ? text.Length : question)];
        var slash = place.IndexOf('/', StringComparison.Ordinal);
        var authority = slash < 0 ? place : place[..slash];
        var path = slash < 0 ? "" : place[(slash + 1)..];
        if (authority.Contains('@', StringComparison.Ordinal))
            throw Invalid(display, "it carries credentials before the host", "Give them as parameters or environment variables instead.");
        _ = Decode(path, display);
        return new NotifierAddress
        {
            Scheme = name,
            Authority = Decode(authority, display),
            RawPath = path,
            Parameters = ReadQuery(question < 0 ? "" : text[(question + 1)..], display),
        };
    }

    public static DewyException Invalid(string display, string why, string nextStep) =>
        new(ErrorCode.InvalidOption, $"The notifier '{display}' is not valid: {why}.") { Target = "notifier", NextStep = nextStep };

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
                throw Invalid(display, $"the parameter '{Shown(name)}' stands there twice", "Give it once.");
        }

        return parameters;
    }

    /// <summary>The name of a parameter nobody knows: a value whose = was forgotten must not be shown.</summary>
    public static string Shown(string name) => ParameterName().IsMatch(name) ? name : "***";

    private static string Decode(string text, string display)
    {
        if (BadEscape().IsMatch(text))
            throw Invalid(display, "a % is not followed by two hexadecimal digits", "Write % itself as %25.");
        var decoded = Uri.UnescapeDataString(text);
        return decoded.Any(char.IsControl)
            ? throw Invalid(display, "it has control characters", "Take them out.")
            : decoded;
    }

    [GeneratedRegex(@"\A(?<name>[A-Za-z][A-Za-z0-9+.-]{0,31})://", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"\A[a-z_-]{1,20}\z", RegexOptions.NonBacktracking)]
    private static partial Regex ParameterName();

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BadEscape();
}
