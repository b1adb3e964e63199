namespace Dewy.Engine.Files;

/// <summary>Symbolic links that are replaced without a moment in which they are not there.</summary>
internal static class LinkFile
{
    private const int PrivilegeNotHeld = unchecked((int)0x80070522);

    /// <summary>Name pattern of a link on its way; one is left only by a crash.</summary>
    public static string TemporaryPattern(string link) => $".{Path.GetFileName(link)}.*.tmp";

    /// <summary>
    /// Makes <paramref name="link"/> point to <paramref name="target"/>: a temporary link beside it, renamed over it.
    /// What stands there may be a link or nothing.
    /// </summary>
    /// <param name="link">Absolute path of the link.</param>
    /// <param name="target">What is written into the link; relative ones are resolved against the link's directory.</param>
    /// <param name="toDirectory">Whether the target is a directory, which Windows wants to know.</param>
    public static void Replace(string link, string target, bool toDirectory)
    {
        // The caller gives an absolute path, so there is a parent.
        var parent = Path.GetDirectoryName(link)!;
        var temporary = Path.Combine(parent, $".{Path.GetFileName(link)}.{Guid.NewGuid():N}.tmp");
        try
        {
            Create(temporary, target, toDirectory);
            if (OperatingSystem.IsWindows())
                WindowsLink.RenameOver(temporary, link);
            else
                DurableFile.Rename(temporary, link);
        }
        catch
        {
            if (OperatingSystem.IsWindows() && Directory.Exists(temporary))
                Directory.Delete(temporary);
            else
                File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Absolute path a link points to, whether or not anything is there; null where there is no link.</summary>
    public static string? ReadTarget(string link)
    {
        var target = new FileInfo(link).LinkTarget;
        return target is null
            ? null
            : Path.TrimEndingDirectorySeparator(Path.GetFullPath(target, Path.GetDirectoryName(Path.GetFullPath(link)) ?? "/"));
    }

    /// <summary>Whether anything has this name: a file, a directory, or a link, dangling ones included.</summary>
    public static bool IsTaken(string path) => Path.Exists(path) || new FileInfo(path).LinkTarget is not null;

    private static void Create(string link, string target, bool toDirectory)
    {
        if (!toDirectory)
        {
            File.CreateSymbolicLink(link, target);
            return;
        }

        try
        {
            Directory.CreateSymbolicLink(link, target);
        }
        catch (Exception exception) when (OperatingSystem.IsWindows()
            && (exception is UnauthorizedAccessException || exception.HResult == PrivilegeNotHeld))
        {
            // A junction needs no privilege, but always an absolute target.
            WindowsLink.CreateJunction(link, Path.GetFullPath(target, Path.GetDirectoryName(link)!)); // absolute, see Replace
        }
    }
}
