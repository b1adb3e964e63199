namespace Dewy;

/// <summary>A verified artifact in the cache.</summary>
public sealed record CachedArtifact
{
    /// <summary>Cache key: <c>&lt;tag&gt;--&lt;artifact file name&gt;</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Tag of the release it belongs to.</summary>
    public required string Tag { get; init; }

    /// <summary>Absolute path of the local copy.</summary>
    public required string Path { get; init; }

    /// <summary>Size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>SHA-256 of the content, computed while it was fetched and checked again on each use.</summary>
    public required Digest Digest { get; init; }

    /// <summary>What vouched for the content besides the transfer itself, such as <c>myapp.tar.gz.sha256</c>; empty when nothing did.</summary>
    public IReadOnlyList<string> VerifiedBy { get; init; } = [];

    /// <summary>False when the entry was already there.</summary>
    public bool Downloaded { get; init; }

    /// <summary>The root whose cache this is.</summary>
    public string? Root { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Key;
}
