namespace Dewy.Engine.Releases;

/// <summary>A release that counts, with the version its tag was read as.</summary>
internal sealed record RankedRelease(ReleaseCandidate Candidate, ReleaseVersion Version);
