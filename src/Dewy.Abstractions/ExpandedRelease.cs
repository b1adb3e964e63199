namespace Dewy;

/// <summary>A release directory under <c>releases/</c>, complete and ready to be switched to.</summary>
public sealed record ExpandedRelease
{
    /// <summary>Tag of the release.</summary>
    public required string Tag { get; init; }

    /// <summary>Cache key it was extracted from.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 of the artifact.</summary>
    public required Digest Digest { get; init; }

    /// <summary>Absolute path of the release directory.</summary>
    public required string Path { get; init; }

    /// <summary>The root it is in.</summary>
    public required string Root { get; init; }

    /// <summary>True when <c>current</c> points to it.</summary>
    public bool IsCurrent { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Path;
}
