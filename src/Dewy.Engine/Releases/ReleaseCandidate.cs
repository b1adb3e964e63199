namespace Dewy.Engine.Releases;

/// <summary>A release as a registry lists it, before anyone has judged its tag.</summary>
public sealed record ReleaseCandidate
{
    public required string Tag { get; init; }

    /// <summary>The registry's own identifier, where it has one besides the tag.</summary>
    public string? Id { get; init; }

    /// <summary>When it was published (UTC), where the listing tells.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>True where the registry itself marks it as a pre-release, whatever its tag says.</summary>
    public bool MarkedPreRelease { get; init; }

    /// <summary>The digest of an image tag, where the registry is one of images and the listing tells.</summary>
    public Digest? Digest { get; init; }

    /// <summary>Files of the release, where the listing already has them; null where they must be asked for.</summary>
    public IReadOnlyList<ReleaseAsset>? Assets { get; init; }
}
