using System.Text.RegularExpressions;

namespace Dewy.Engine.Addresses;

/// <summary>
/// Takes <c>scheme://authority/path?query</c> apart, as registries and notifiers are written. Knows no scheme and shows
/// nothing of what it reads, for anything in it may be a secret: its owner makes the messages.
/// </summary>
internal sealed partial class UrlText
{
    /// <summary>The longest URL that is looked at, in characters.</summary>
    public const int Longest = 8192;

    private readonly Func<string, string, DewyException> _invalid;
    private readonly string _query;

    /// <param name="text">The URL.</param>
    /// <param name="place">Where in it the authority begins.</param>
    /// <param name="invalid">Makes the error of what is wrong and what to do.</param>
    public UrlText(string text, int place, Func<string, string, DewyException> invalid)
    {
        ArgumentNullException.ThrowIfNull(text);
        _invalid = invalid;
        var question = text.IndexOf('?', StringComparison.Ordinal);
        var (authority, path) = Cut(question < 0 ? text[place..] : text[place..question], '/');
        Authority = authority;
        Path = path ?? "";
        _query = question < 0 ? "" : text[(question + 1)..];
    }

    /// <summary>What stands between <c>//</c> and the first slash, as it was written.</summary>
    public string Authority { get; }

    /// <summary>The rest before the query, without a leading slash, as it was written.</summary>
    public string Path { get; }

    /// <summary>The query's parameters, decoded; names in lower case, <c>true</c> where one has no value.</summary>
    /// <param name="shown">What of a name a message may show.</param>
    public Dictionary<string, string> ReadParameters(Func<string, string> shown)
    {
        ArgumentNullException.ThrowIfNull(shown);
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in _query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Cut(pair, '=');
            name = Decode(name).ToLowerInvariant();

            // A plus sign in a query is a space, as in forms and in the Go program.
            if (!parameters.TryAdd(name, value is null ? "true" : Decode(value.Replace('+', ' '))))
                throw _invalid($"the parameter '{shown(name)}' stands there twice", "Give it once.");
        }

        return parameters;
    }

    /// <summary>A part of it without its escapes.</summary>
    public string Decode(string part)
    {
        if (BadEscape().IsMatch(part))
            throw _invalid("a % is not followed by two hexadecimal digits", "Write % itself as %25.");
        var decoded = Uri.UnescapeDataString(part);
        return decoded.Any(char.IsControl)
            ? throw _invalid("it has control characters", "Take them out.")
            : decoded;
    }

    private static (string Before, string? After) Cut(string text, char mark)
    {
        var place = text.IndexOf(mark, StringComparison.Ordinal);
        return place < 0 ? (text, null) : (text[..place], text[(place + 1)..]);
    }

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BadEscape();
}
