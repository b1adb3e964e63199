namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>An entry that passed every check that needs no disk.</summary>
internal sealed record TreeEntry
{
    /// <summary>The name in the archive, for errors.</summary>
    public required string Name { get; init; }

    /// <summary>Path inside the release, <c>/</c> between components; empty for the release itself.</summary>
    public required string Path { get; init; }

    public required ArchiveEntryKind Kind { get; init; }

    /// <summary>Permission bits <c>rwxrwxrwx</c>; null where the archive has none.</summary>
    public UnixFileMode? Mode { get; init; }

    public DateTime? ModifiedUtc { get; init; }

    /// <summary>Of a symbolic link its text, of a hard link the path inside the release of the file it joins.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>False when a symbolic link's text alone does not prove that it stays inside; see <see cref="LinkTarget.CheckText"/>.</summary>
    public bool LinkSettled { get; init; } = true;
}
