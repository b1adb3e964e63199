namespace Dewy.Engine.Artifacts.Caching;

/// <summary>What is kept about an entry, as JSON beside it.</summary>
internal sealed record CacheDescription
{
    public required string Key { get; init; }

    public required string Tag { get; init; }

    /// <summary>SHA-256 of the content, 64 hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>What vouched for the content when it was fetched.</summary>
    public IReadOnlyList<string> VerifiedBy { get; init; } = [];

    /// <summary>The key whose signature was verified; null where none was demanded.</summary>
    public string? SignedBy { get; init; }

    /// <summary>The registry it came from, without secrets.</summary>
    public string? Source { get; init; }

    /// <summary>Digests the registry stated when it was fetched, <c>algorithm:hex</c>.</summary>
    public IReadOnlyList<string> SourceDigests { get; init; } = [];

    /// <summary>When the registry said the file was written (UTC), where it did.</summary>
    public DateTimeOffset? SourceModifiedAt { get; init; }

    /// <summary>When it was stored (UTC).</summary>
    public required DateTimeOffset StoredAt { get; init; }
}
