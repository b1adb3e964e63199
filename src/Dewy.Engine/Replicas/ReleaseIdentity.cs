namespace Dewy.Engine.Replicas;

/// <summary>Tells whether two notes of a live release mean the same content, whenever and by whatever it was deployed.</summary>
internal static class ReleaseIdentity
{
    public static bool IsSameAs(this LiveRelease release, LiveRelease? other) =>
        other is not null
        && string.Equals(release.Key, other.Key, StringComparison.Ordinal)
        && Equals(release.Digest, other.Digest)
        && string.Equals(release.Directory, other.Directory, StringComparison.Ordinal);
}
