using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries;

/// <summary>A file that a registry named, and what lies beside it.</summary>
/// <param name="Assets">The file, marked as chosen, and others that may vouch for it.</param>
/// <param name="IsFinal">False where asking again may tell more or something else: a file that is not there yet, the image of a tag.</param>
internal sealed record ArtifactListing(IReadOnlyList<ReleaseAsset> Assets, bool IsFinal);
