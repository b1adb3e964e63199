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
        return [.. Join(Pieces(string.IsNullOrEmpty(version) ? stem : Without(stem, version))).SelectMany(PlatformWords.Decompose)];
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

    /// <summary>The text with every occurrence of the version that is a word of its own, with or without <c>v</c>, made a separator.</summary>
    private static string Without(string text, string version)
    {
        for (var at = text.IndexOf(version, StringComparison.OrdinalIgnoreCase); at >= 0;)
        {
            var start = at > 0 && text[at - 1] is 'v' or 'V' ? at - 1 : at;
            var end = at + version.Length;
            var isWord = (start == 0 || !(char.IsLetterOrDigit(text[start - 1]) || (text[start - 1] == '.' && start > 1 && char.IsAsciiDigit(text[start - 2]))))
                && (end == text.Length || !char.IsLetterOrDigit(text[end]));
            if (isWord)
                text = $"{text[..start]} {text[end..]}";
            var next = isWord ? start + 1 : end;
            at = next < text.Length ? text.IndexOf(version, next, StringComparison.OrdinalIgnoreCase) : -1;
        }

        return text;
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
