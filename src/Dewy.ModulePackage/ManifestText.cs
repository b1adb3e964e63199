using System.Text.RegularExpressions;

namespace Dewy.ModulePackage;

/// <summary>What a package says of itself, out of the module's own manifest. Reads the plain literals Dewy.psd1 consists of, not PowerShell.</summary>
internal sealed partial class ManifestText
{
    private readonly string _text;

    private ManifestText(string text) => _text = text;

    public static ManifestText Read(string file) => new(File.ReadAllText(file));

    /// <summary>The value of a key that holds one string.</summary>
    /// <exception cref="PackagingException">There is none.</exception>
    public string Value(string key) =>
        Pairs().Where(pair => pair.Groups["key"].Value == key && pair.Groups["text"].Success).Select(pair => Unquoted(pair.Groups["text"].Value)).FirstOrDefault()
        ?? throw new PackagingException($"The manifest has no {key}.");

    /// <summary>The values of a key that holds a list of strings.</summary>
    /// <exception cref="PackagingException">There is none.</exception>
    public IReadOnlyList<string> Values(string key) =>
        Pairs().FirstOrDefault(pair => pair.Groups["key"].Value == key && pair.Groups["list"].Success) is { } found
            ? [.. Literal().Matches(found.Groups["list"].Value).Select(literal => Unquoted(literal.Value))]
            : throw new PackagingException($"The manifest has no list {key}.");

    private static string Unquoted(string literal) => literal[1..^1].Replace("''", "'", StringComparison.Ordinal);

    private IEnumerable<Match> Pairs() => Pair().Matches(_text);

    [GeneratedRegex(@"^\s*(?<key>\w+)\s*=\s*((?<text>'([^']|'')*')|@\((?<list>[^)]*)\))", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Pair();

    [GeneratedRegex(@"'([^']|'')*'", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Literal();
}
