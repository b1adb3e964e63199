namespace Dewy.Engine.Artifacts.Caching;

/// <summary>Whether an entry is still what is wanted: the registry may have replaced the file, the operator may demand more.</summary>
internal static class EntryPolicy
{
    /// <summary>Whether the registry speaks of the content that is stored.</summary>
    public static bool IsCurrent(CacheEntry entry, ArtifactRequest request)
    {
        var asset = request.Asset;
        var stored = entry.Description;
        if (asset.Size is { } size && size != stored.Size)
            return false;
        var known = stored.SourceDigests.Select(text => Digest.TryParse(text, out var digest) ? digest : null).OfType<Digest>().ToList();
        var comparable = asset.Digests.Where(stated => known.Exists(digest => Same(digest, stated)) || Same(entry.Digest, stated)).ToList();
        if (comparable.Count > 0)
            return comparable.TrueForAll(stated => known.Find(digest => Same(digest, stated)) is { } then ? then == stated : stated == entry.Digest);

        // Without a digest in common the time of writing has to do; where the registry now states digests, they must be verified.
        return asset.Digests.Count == 0 && (asset.ModifiedAt is null || stored.SourceModifiedAt is null || asset.ModifiedAt == stored.SourceModifiedAt);

        static bool Same(Digest left, Digest right) => string.Equals(left.Algorithm, right.Algorithm, StringComparison.Ordinal);
    }

    /// <summary>What the present options demand and the entry does not have; null where it has all.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="options">The present options.</param>
    /// <param name="demandedKeyId">The key that must have signed; null for none.</param>
    /// <param name="stated">Whether the registry states digests now.</param>
    public static ErrorCode? Lacks(CacheEntry entry, ArtifactOptions options, string? demandedKeyId, bool stated)
    {
        var description = entry.Description;
        if (demandedKeyId is not null && !string.Equals(description.SignedBy, demandedKeyId, StringComparison.Ordinal))
            return ErrorCode.SignatureMismatch;
        var demanded = options.VerifyChecksum == ChecksumPolicy.Required || (options.VerifyChecksum == ChecksumPolicy.Auto && stated);
        return demanded && description.VerifiedBy.Count == 0 ? ErrorCode.ChecksumMissing : null;
    }
}
