namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>An entry as its archive tells it; nothing here has been checked.</summary>
internal sealed record ArchiveEntry
{
    public required string Name { get; init; }

    public required ArchiveEntryKind Kind { get; init; }

    /// <summary>The twelve permission bits; null where the archive has none.</summary>
    public int? Mode { get; init; }

    /// <summary>Last modification; null where unknown.</summary>
    public DateTime? ModifiedUtc { get; init; }

    /// <summary>Of a symbolic link its text, of a hard link the name of an earlier entry.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>The size the archive declares, in bytes; null where it does not.</summary>
    public long? Length { get; init; }

    /// <summary>True when a backslash in <see cref="Name"/> separates directories (zip files from DOS and Windows).</summary>
    public bool BackslashSeparates { get; init; }
}
