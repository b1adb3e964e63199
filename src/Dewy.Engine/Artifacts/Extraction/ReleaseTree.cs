using Dewy.Engine.Artifacts.Downloads;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>
/// Writes entries below one directory that nobody else writes to. Symbolic links are only made when all else is written:
/// until then there is no link in the tree that anything could be written through, whatever the file system thinks of
/// case and normalization. Directories get their permissions and times last, deepest first. Used by the writing thread only.
/// </summary>
internal sealed class ReleaseTree(string root, int maxDirectories) : IDisposable
{
    private const UnixFileMode DirectoryMode = (UnixFileMode)0b111_101_101;
    private const UnixFileMode WorkingDirectoryMode = (UnixFileMode)0b111_000_000;
    private const UnixFileMode WorkingFileMode = (UnixFileMode)0b110_000_000;

    // What the usual file systems take for the same name. Where one differs (a case-sensitive macOS volume, a vfat mount)
    // an odd archive fails to extract; it cannot escape, because no link is on the disk yet.
    private static readonly StringComparer Names = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    private readonly Dictionary<string, TreeEntry?> _directories = new(Names) { [""] = null };
    private readonly Dictionary<string, TreeEntry> _links = new(Names);
    private readonly FileStreamOptions _newFile = NewFile();

    private FileStream? _file;
    private TreeEntry? _fileEntry;
    private WriteBehind? _writeBehind; // of large files only

    /// <summary>The path being written, for errors.</summary>
    public string CurrentPath { get; private set; } = "";

    /// <summary>Carries out one command.</summary>
    public void Apply(WriteCommand command)
    {
        if (command.Entry is { } entry)
            Begin(entry);
        if (command.Buffer is { } buffer && _file is { } file)
        {
            file.Write(buffer, 0, command.Count);
            if (!command.Ends)
                (_writeBehind ??= new WriteBehind(file.SafeFileHandle)).Advance(file.Position);
        }

        if (command.Ends)
            EndFile();
    }

    /// <summary>Makes the links, gives directories their permissions and times, and brings everything to the disk.</summary>
    public void Finish(CancellationToken cancellationToken)
    {
        foreach (var (path, link) in _links)
        {
            cancellationToken.ThrowIfCancellationRequested();
            MakeLink(path, link);
        }

        foreach (var link in _links.Values.Where(link => !link.LinkSettled))
            LinkTarget.Resolve(link.Name, link.Path, link.LinkTarget ?? "", OperatingSystem.IsWindows(), ReadLink);

        // A parent's path is a prefix of its children's, so descending order visits children first.
        foreach (var (path, entry) in _directories.OrderByDescending(directory => directory.Key, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (path.Length > 0)
                FinishDirectory(path, entry);
        }

        CurrentPath = root;
        Durability.SyncTree(root);
    }

    public void Dispose() => _file?.Dispose();

    private void Begin(TreeEntry entry)
    {
        CurrentPath = Absolute(entry.Path);
        if (entry.Kind == ArchiveEntryKind.Directory)
        {
            MakeDirectories(entry, entry.Path);
            _directories[entry.Path] = entry;
            return;
        }

        var parent = entry.Path.AsSpan(0, Math.Max(0, entry.Path.LastIndexOf('/')));
        if (!_directories.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(parent))
            MakeDirectories(entry, parent.ToString());
        if (_directories.ContainsKey(entry.Path))
            throw ArchiveFailure.Unsafe(entry.Name, "another entry makes a directory of that name");
        switch (entry.Kind)
        {
            case ArchiveEntryKind.SymbolicLink:
                File.Delete(CurrentPath);
                _links[entry.Path] = entry;
                break;
            case ArchiveEntryKind.HardLink:
                JoinFile(entry);
                break;
            default:
                _links.Remove(entry.Path);
                OpenFile(entry);
                break;
        }
    }

    private void MakeDirectories(TreeEntry entry, string path)
    {
        if (_directories.ContainsKey(path))
            return;
        var separator = path.LastIndexOf('/');
        MakeDirectories(entry, separator < 0 ? "" : path[..separator]);
        if (_links.ContainsKey(path))
            throw ArchiveFailure.Unsafe(entry.Name, $"it would go through '{ArchiveFailure.Show(path)}', which an earlier entry makes a symbolic link");
        var absolute = Absolute(path);
        if (File.Exists(absolute))
            throw ArchiveFailure.Unsafe(entry.Name, $"an earlier entry makes a file of '{ArchiveFailure.Show(path)}'");
        if (_directories.Count > maxDirectories)
            throw ArchiveFailure.Bomb(entry.Name, $"names in the archive imply more than {maxDirectories} directories");
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(absolute);
        else
            Directory.CreateDirectory(absolute, WorkingDirectoryMode);
        _directories[path] = null;
    }

    private void JoinFile(TreeEntry entry)
    {
        var target = entry.LinkTarget ?? "";
        var source = Absolute(target);

        // Nothing below the root is a symbolic link yet, so what exists is a file of this archive.
        if (!File.Exists(source))
            throw ArchiveFailure.Unsafe(entry.Name, $"it is a hard link to '{ArchiveFailure.Show(target)}', which is not a file extracted before it");
        if (Names.Equals(target, entry.Path))
            return; // a link to itself: the file is there
        _links.Remove(entry.Path);
        File.Delete(CurrentPath);
        HardLink.Create(source, CurrentPath);
    }

    private void OpenFile(TreeEntry entry)
    {
        try
        {
            _file = new FileStream(CurrentPath, _newFile);
        }
        catch (IOException) when (File.Exists(CurrentPath))
        {
            // A later entry replaces an earlier one, as with tar: a new file, so that hard links to the old one keep it.
            File.Delete(CurrentPath);
            _file = new FileStream(CurrentPath, _newFile);
        }

        _fileEntry = entry;
    }

    private void EndFile()
    {
        if (_file is not { } file || _fileEntry is not { } entry)
            return;
        using (file)
        {
            if (entry.Mode is { } mode && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(file.SafeFileHandle, mode);
            if (entry.ModifiedUtc is { } modified)
                File.SetLastWriteTimeUtc(file.SafeFileHandle, modified);
            Durability.SyncFile(file.SafeFileHandle);
        }

        (_file, _fileEntry, _writeBehind) = (null, null, null);
    }

    private void MakeLink(string path, TreeEntry link)
    {
        CurrentPath = Absolute(path);
        var target = link.LinkTarget ?? "";
        if (OperatingSystem.IsWindows() && Directory.Exists(Path.Combine(Path.GetDirectoryName(CurrentPath) ?? root, target)))
            Directory.CreateSymbolicLink(CurrentPath, target.Replace('/', '\\'));
        else
            File.CreateSymbolicLink(CurrentPath, OperatingSystem.IsWindows() ? target.Replace('/', '\\') : target);
        if (link.ModifiedUtc is { } modified)
            File.SetLastWriteTimeUtc(CurrentPath, modified);
    }

    private void FinishDirectory(string path, TreeEntry? entry)
    {
        CurrentPath = Absolute(path);
        if (entry?.ModifiedUtc is { } modified)
            Directory.SetLastWriteTimeUtc(CurrentPath, modified);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(CurrentPath, entry?.Mode ?? DirectoryMode);
    }

    private static FileStreamOptions NewFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = WorkingFileMode;
        return options;
    }

    private string? ReadLink(string path) => new FileInfo(Absolute(path)).LinkTarget;

    private string Absolute(string path) => path.Length == 0 ? root : Path.Join(root, path);
}
