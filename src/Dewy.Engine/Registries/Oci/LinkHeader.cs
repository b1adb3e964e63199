using System.Text.RegularExpressions;

namespace Dewy.Engine.Registries.Oci;

/// <summary>Reads <c>Link</c> headers (RFC 8288) as far as paging needs them.</summary>
internal static partial class LinkHeader
{
    private const int Longest = 8192;

    /// <summary>The target of the link to the next page, as the server wrote it; null where there is none.</summary>
    public static string? FindNext(HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (!response.Headers.NonValidated.TryGetValues("Link", out var values))
            return null;
        return values
            .Where(value => value.Length <= Longest)
            .SelectMany(value => LinkShape().Matches(value))
            .Where(link => IsNext(link.Groups["parameters"].ValueSpan))
            .Select(link => link.Groups["target"].Value)
            .FirstOrDefault();
    }

    private static bool IsNext(ReadOnlySpan<char> parameters)
    {
        foreach (var match in RelationShape().EnumerateMatches(parameters))
        {
            var value = parameters.Slice(match.Index, match.Length);
            var relations = value[(value.IndexOf('=') + 1)..].Trim(" \t\"").ToString();
            if (relations.Split(' ').Contains("next", StringComparer.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    [GeneratedRegex("""<(?<target>[^<>]*)>(?<parameters>(\s*;\s*[A-Za-z0-9*_-]+\s*(=\s*("[^"]*"|[^",;<>\s]*))?)*)""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex LinkShape();

    [GeneratedRegex("""rel\s*=\s*("[^"]*"|[^",;\s]+)""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex RelationShape();
}
