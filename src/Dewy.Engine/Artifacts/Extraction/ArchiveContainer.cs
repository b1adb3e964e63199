namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>How an artifact holds its files.</summary>
internal enum ArchiveContainer
{
    /// <summary>The artifact is the file.</summary>
    SingleFile,
    Tar,
    Zip,
    SevenZip,
}
