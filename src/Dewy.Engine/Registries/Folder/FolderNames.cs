using System.Globalization;

namespace Dewy.Engine.Registries.Folder;

/// <summary>Which names in a registry's folder are looked at. Whoever may write there must not reach outside of it, nor into a terminal.</summary>
internal static class FolderNames
{
    private const int Longest = 255;

    /// <summary>Whether a name is safe to show and to make a file name of: no hidden, temporary, over-long or unprintable ones, nothing that separates paths anywhere.</summary>
    public static bool IsUsable(string name) =>
        name.Length is > 0 and <= Longest
        && name[0] is not ('.' or '~' or '-')
        && !name.EndsWith(".tmp", StringComparison.OrdinalIgnoreCase)
        && !name.EndsWith(".partial", StringComparison.OrdinalIgnoreCase)
        && name.All(IsUsable);

    /// <summary>Whether a file is a release's: usable, and not a shipping report.</summary>
    public static bool IsAsset(string name) =>
        IsUsable(name) && !(name.StartsWith("shipped_to_", StringComparison.Ordinal) && name.EndsWith(".txt", StringComparison.Ordinal));

    private static bool IsUsable(char c) =>
        c is not ('/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' or '\uFFFD')
        && char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse);
}
