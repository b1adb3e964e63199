namespace Dewy.Engine.Artifacts.Verification;

/// <summary>One line of a checksum file.</summary>
/// <param name="Digest">What the line states.</param>
/// <param name="Name">The file it is about, as written; null where the line is a bare digest.</param>
internal sealed record ChecksumEntry(Digest Digest, string? Name);
