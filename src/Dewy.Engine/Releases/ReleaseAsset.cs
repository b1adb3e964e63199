namespace Dewy.Engine.Releases;

/// <summary>One file of a release.</summary>
public sealed record ReleaseAsset
{
    public required string Name { get; init; }

    /// <summary>Where its content is opened; never carries credentials.</summary>
    public required Uri Location { get; init; }

    public long? Size { get; init; }

    /// <summary>Digests the registry states.</summary>
    public IReadOnlyList<Digest> Digests { get; init; } = [];

    /// <summary>When it was last written (UTC).</summary>
    public DateTimeOffset? ModifiedAt { get; init; }

    /// <summary>True where the registry itself chose this file for the host (a gRPC registry) or there is nothing to choose (an image): its name is not judged.</summary>
    public bool ChosenByRegistry { get; init; }

    /// <summary>The reference by digest, where this is an image and no file.</summary>
    public string? Image { get; init; }

    /// <summary>Why what the registry chose is of no use to this host, as a sentence (an image that is not built for it); null where it is.</summary>
    public string? UselessBecause { get; init; }

    /// <summary>False while the registry says that the file is still being uploaded.</summary>
    public bool Complete { get; init; } = true;
}
