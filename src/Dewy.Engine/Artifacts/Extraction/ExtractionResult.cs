namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>What came out of an artifact.</summary>
/// <param name="Digest">SHA-256 of the whole artifact as it was read.</param>
/// <param name="Bytes">Sum of the sizes of the files written.</param>
/// <param name="Entries">Files, directories and links made.</param>
internal sealed record ExtractionResult(Digest Digest, long Bytes, int Entries);
