namespace Dewy.Engine.Containers.Images;

/// <summary>An image Dewy brought here.</summary>
/// <param name="Repository">Registry and repository.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Tag">The release it was.</param>
/// <param name="UsedAt">When it was last brought here or found here for a deployment (UTC).</param>
internal sealed record ImageRecord(string Repository, string Digest, string Tag, DateTimeOffset UsedAt);
