namespace Dewy.Engine.Composition;

/// <summary>The place of the artifact cache as a person gives it.</summary>
internal static class CacheLocation
{
    /// <summary>The directory a cache URL (<c>file:///dir</c>, <c>file://./dir</c>) or an absolute path means; null for an empty one, which stands for the default.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static string? Parse(string text, string baseDirectory)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;

        const string fileScheme = "file://";
        if (text.StartsWith(fileScheme, StringComparison.OrdinalIgnoreCase))
        {
            var path = Uri.UnescapeDataString(text[fileScheme.Length..]);
            if (OperatingSystem.IsWindows() && path is ['/', _, ':', ..])
                path = path[1..];
            if (path.StartsWith('.') || Path.IsPathRooted(path))
                return Path.GetFullPath(path, baseDirectory);
        }
        else if (Path.IsPathFullyQualified(text))
        {
            return Path.GetFullPath(text);
        }

        throw new FormatException($"'{text}' is not a directory such as file:///var/cache/dewy");
    }
}
