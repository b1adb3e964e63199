namespace Dewy;

/// <summary>The file, or the image, of a release chosen for this host.</summary>
public sealed record Artifact
{
    /// <summary>File name as the registry has it; of an image its reference by tag, such as <c>ghcr.io/acme/app:v1.2.3</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is fetched from, without credentials.</summary>
    public required Uri Location { get; init; }

    /// <summary>Size in bytes, where the registry tells.</summary>
    public long? Size { get; init; }

    /// <summary>The digest the registry states, where it does; of an image always: what its tag points to.</summary>
    public Digest? Digest { get; init; }

    /// <summary>The image's reference by digest, such as <c>ghcr.io/acme/app@sha256:…</c>, which a container engine pulls and runs; null for a file.</summary>
    public string? Image { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
