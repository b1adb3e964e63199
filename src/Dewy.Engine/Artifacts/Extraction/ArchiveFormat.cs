namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>What an artifact is.</summary>
/// <param name="Container">How it holds its files; of a compressed artifact what its name promises.</param>
/// <param name="Compression">What is wrapped around it.</param>
/// <param name="FileName">For a single file, the name it gets.</param>
internal sealed record ArchiveFormat(ArchiveContainer Container, ArchiveCompression Compression, string FileName);
