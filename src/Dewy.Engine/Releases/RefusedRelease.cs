namespace Dewy.Engine.Releases;

/// <summary>A release that does not count, and why.</summary>
internal sealed record RefusedRelease(ReleaseCandidate Candidate, RefusalReason Reason);
