namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>What is wrapped around a tar or a single file. Zip and 7z compress by themselves.</summary>
internal enum ArchiveCompression
{
    None,
    GZip,
    BZip2,
    Xz,
    Zstandard,
}
