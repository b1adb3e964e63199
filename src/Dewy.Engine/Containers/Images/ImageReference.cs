namespace Dewy.Engine.Containers.Images;

/// <summary>An image by digest: what is pulled and run.</summary>
/// <param name="Repository">Registry and repository, such as <c>ghcr.io/acme/app</c>.</param>
/// <param name="Digest">What its tag pointed to.</param>
internal sealed record ImageReference(string Repository, Digest Digest)
{
    /// <summary>The image of a release that is live or becomes so.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.ImageNotFound"/>: the release names no image by digest.</exception>
    public static ImageReference Of(LiveRelease release)
    {
        ArgumentNullException.ThrowIfNull(release);
        return release.Digest is { } digest
            ? new ImageReference(WithoutTag(release.Key), digest)
            : throw NoDigest(release.Key);
    }

    /// <inheritdoc cref="Of(LiveRelease)"/>
    public static ImageReference Of(Artifact artifact)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return artifact.Image is { } image && image.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && Digest.TryParse(image[(at + 1)..], out var digest)
            ? new ImageReference(image[..at], digest)
            : throw NoDigest(artifact.Name);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Repository}@{Digest}";

    /// <summary>Takes a tag and a digest off: <c>127.0.0.1:5000/app:v1</c> becomes <c>127.0.0.1:5000/app</c>.</summary>
    private static string WithoutTag(string reference)
    {
        var name = reference.Split('@')[0];
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? name[..colon] : name;
    }

    private static DewyException NoDigest(string name) =>
        new(ErrorCode.ImageNotFound, $"Of the image {name} no digest is known, and Dewy runs images by nothing else.")
        {
            Phase = "start",
            Target = name,
            NextStep = "Deploy the release anew from its registry.",
        };
}
