namespace Dewy.Engine.Releases;

/// <summary>Splits file names into the words they are made of.</summary>
internal static class FileNameWords
{
    /// <summary>
    /// Lower-case words of a name without its archive extension. Anything but letters and digits separates, except a dot
    /// between two digits: version numbers stay whole, so that <c>0.386</c> is not an architecture. What belongs together
    /// (<c>x86_64</c>) is joined, and what is wholly made of platform words (<c>linux64</c>) is taken apart.
    /// </summary>
    /// <param name="stem">The name without extension.</param>
    /// <param name="version">The version of the release, taken out wherever it stands; null where there is none.</param>
    public static IReadOnlyList<string> Split(string stem, string? version)
    {
        var pieces = Pieces(stem);
        if (version is not null)
            Remove(pieces, Pieces(version));
        return [.. Join(pieces).SelectMany(PlatformWords.Decompose)];
    }

    private static List<string> Pieces(string text)
    {
        var pieces = new List<string>();
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var inside = i < text.Length
                && (char.IsLetterOrDigit(text[i]) || (text[i] == '.' && i > 0 && i + 1 < text.Length && char.IsAsciiDigit(text[i - 1]) && char.IsAsciiDigit(text[i + 1])));
            if (inside && start < 0)
            {
                start = i;
            }
            else if (!inside && start >= 0)
            {
                pieces.Add(text[start..i].ToLowerInvariant());
                start = -1;
            }
        }

        return pieces;
    }

    private static void Remove(List<string> pieces, List<string> version)
    {
        if (version.Count == 0)
            return;
        var plain = version[0].StartsWith('v') ? version[0][1..] : version[0];
        for (var i = 0; i + version.Count <= pieces.Count; i++)
        {
            var first = pieces[i];
            if (string.Equals(first.StartsWith('v') ? first[1..] : first, plain, StringComparison.Ordinal)
                && pieces.Skip(i + 1).Take(version.Count - 1).SequenceEqual(version.Skip(1), StringComparer.Ordinal))
            {
                pieces.RemoveRange(i, version.Count);
                i--;
            }
        }
    }

    private static IEnumerable<string> Join(List<string> pieces)
    {
        for (var i = 0; i < pieces.Count; i++)
        {
            var word = pieces[i];
            while (i + 1 < pieces.Count && PlatformWords.BelongTogether(word, pieces[i + 1]))
                word += pieces[++i];
            yield return word;
        }
    }
}
