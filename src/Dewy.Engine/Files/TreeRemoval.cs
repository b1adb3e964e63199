namespace Dewy.Engine.Files;

/// <summary>Removes directory trees.</summary>
internal static class TreeRemoval
{
    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = FileAttributes.None,
        RecurseSubdirectories = false,
        ReturnSpecialDirectories = false,
        IgnoreInaccessible = false,
    };

    /// <summary>
    /// Removes a file, a link, or a directory with all that is in it; nothing where nothing is there. Links are removed,
    /// never followed. Directories whose mode forbids it are opened up first. Cancellable between any two entries; what
    /// was not reached is left.
    /// </summary>
    public static void Delete(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var top = new DirectoryInfo(path);
        if (!IsRealDirectory(top))
        {
            DeleteEntry(path, isDirectory: OperatingSystem.IsWindows() && Directory.Exists(path));
            return;
        }

        // Parents are listed before their children, so going backwards empties every directory before its own turn.
        var directories = new List<string> { path };
        for (var next = 0; next < directories.Count; next++)
            DeleteFilesOf(directories[next], directories, cancellationToken);
        for (var last = directories.Count - 1; last >= 0; last--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            DeleteEntry(directories[last], isDirectory: true);
        }
    }

    private static void DeleteFilesOf(string directory, List<string> directories, CancellationToken cancellationToken)
    {
        OpenUp(directory);
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos("*", Everything))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (IsRealDirectory(entry))
                directories.Add(entry.FullName);
            else
                DeleteEntry(entry.FullName, entry is DirectoryInfo && OperatingSystem.IsWindows());
        }
    }

    private static bool IsRealDirectory(FileSystemInfo entry) =>
        entry.Exists && entry.Attributes.HasFlag(FileAttributes.Directory) && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

    private static void DeleteEntry(string path, bool isDirectory)
    {
        try
        {
            if (OperatingSystem.IsWindows() && Path.Exists(path) && File.GetAttributes(path).HasFlag(FileAttributes.ReadOnly))
                File.SetAttributes(path, FileAttributes.Normal);
            if (isDirectory)
                Directory.Delete(path, recursive: false);
            else
                File.Delete(path);
        }
        catch (Exception exception) when (exception is DirectoryNotFoundException or FileNotFoundException)
        {
            // Gone already, which is what was wanted.
        }
    }

    private static void OpenUp(string directory)
    {
        const UnixFileMode needed = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (OperatingSystem.IsWindows())
            return;
        var mode = File.GetUnixFileMode(directory);
        if ((mode & needed) != needed)
            File.SetUnixFileMode(directory, mode | needed);
    }
}
