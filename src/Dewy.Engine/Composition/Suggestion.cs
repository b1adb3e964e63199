namespace Dewy.Engine.Composition;

/// <summary>Guesses what a person meant to type.</summary>
public static class Suggestion
{
    /// <summary>The candidate nearest to a word; null where none is near.</summary>
    public static string? For(string word, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(candidates);
        var wanted = Normalize(word);
        if (wanted.Length == 0)
            return null;

        var limit = Math.Max(1, wanted.Length / 3);
        return candidates
            .Select(candidate => (candidate, Distance: Distance(wanted, Normalize(candidate))))
            .Where(pair => pair.Distance <= limit || IsUnfinished(wanted, pair.candidate))
            .OrderBy(pair => pair.Distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
    }

    /// <summary>A sentence with the guess and a leading space; empty where there is none.</summary>
    public static string Sentence(string word, IEnumerable<string> candidates, string prefix = "") =>
        For(word, candidates) is { } found ? $" Did you mean {prefix}{found}?" : "";

    private static string Normalize(string word) => word.Trim('-').Replace('_', '-').ToLowerInvariant();

    private static bool IsUnfinished(string wanted, string candidate) =>
        wanted.Length >= 3 && Normalize(candidate).StartsWith(wanted, StringComparison.Ordinal);

    /// <summary>Edit distance in which two swapped neighbours count once (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replace, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}
