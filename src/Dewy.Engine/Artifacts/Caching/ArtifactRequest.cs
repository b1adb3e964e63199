using Dewy.Engine.Registries;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Artifacts.Caching;

/// <summary>An artifact somebody wants to have on disk.</summary>
internal sealed record ArtifactRequest
{
    /// <summary>Tag of the release.</summary>
    public required string Tag { get; init; }

    /// <summary>The file wanted.</summary>
    public required ReleaseAsset Asset { get; init; }

    /// <summary>All files of the release: checksums and signatures are looked for among them.</summary>
    public IReadOnlyList<ReleaseAsset> Files { get; init; } = [];

    /// <summary>Where it is fetched from.</summary>
    public required IReleaseSource Source { get; init; }

    /// <summary>Keys that making room must not remove, such as those of the live and the previous release. The one wanted is always among them.</summary>
    public IReadOnlyCollection<string> ProtectedKeys { get; init; } = [];

    /// <summary>SHA-256 the content must have besides all that the registry states, where a shared cache is the source; null otherwise.</summary>
    public Digest? SharedDigest { get; init; }

    /// <summary>Cache key: <c>&lt;tag&gt;--&lt;artifact file name&gt;</c>.</summary>
    public string Key => $"{Tag}--{Asset.Name}";
}
