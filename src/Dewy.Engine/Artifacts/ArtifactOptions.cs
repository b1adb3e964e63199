namespace Dewy.Engine.Artifacts;

/// <summary>How artifacts are fetched, verified, kept and extracted.</summary>
public sealed record ArtifactOptions
{
    /// <summary>Directory of the cache; null for <c>&lt;root&gt;/.dewy/cache</c>.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>The bucket a fleet keeps artifacts in; <see cref="CacheDirectory"/> is then the place for this host's copies. Null for a cache of this host alone.</summary>
    public SharedCacheOptions? SharedCache { get; init; }

    public ChecksumPolicy VerifyChecksum { get; init; } = ChecksumPolicy.Auto;

    /// <summary>Public key file (minisign or cosign) whose signature every artifact needs; null for none.</summary>
    public string? VerifyKey { get; init; }

    /// <summary>Largest artifact in bytes; default 4 GiB.</summary>
    public long MaxArtifactSize { get; init; } = 4L << 30;

    /// <summary>Size in bytes above which the oldest cache entries go; default 2 GiB.</summary>
    public long MaxCacheSize { get; init; } = 2L << 30;

    /// <summary>Largest sum of extracted file sizes in bytes; default 16 GiB.</summary>
    public long MaxExtractedSize { get; init; } = 16L << 30;

    /// <summary>Most entries in an archive; default 1,000,000.</summary>
    public int MaxEntries { get; init; } = 1_000_000;

    /// <summary>Largest ratio of extracted to compressed bytes, applied above 64 MiB extracted; default 200.</summary>
    public int MaxExpansionRatio { get; init; } = 200;

    /// <summary>Longest a whole download may take; default 1 hour.</summary>
    public TimeSpan DownloadTimeout { get; init; } = TimeSpan.FromHours(1);
}
