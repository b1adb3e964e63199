namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>What an entry makes.</summary>
internal enum ArchiveEntryKind
{
    File,
    Directory,
    SymbolicLink,
    HardLink,

    /// <summary>A device, FIFO or socket: always refused.</summary>
    Special,
}
