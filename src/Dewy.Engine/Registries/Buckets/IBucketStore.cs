namespace Dewy.Engine.Registries.Buckets;

/// <summary>
/// One bucket, spoken to in its own protocol. Keys are whole object names. Failures are <see cref="DewyException"/>s with a
/// registry error code that name the bucket; every call has a deadline of its own. Safe for concurrent use.
/// </summary>
internal interface IBucketStore : IAsyncDisposable
{
    /// <summary>A validator that no object of the bucket ever has, to find out whether conditions are honoured.</summary>
    string ImpossibleValidator { get; }

    /// <summary>The most bytes one object may be written with.</summary>
    long LargestUpload { get; }

    /// <summary>Where the credentials come from, never their value; known once the bucket was asked.</summary>
    string Credentials { get; }

    /// <summary>What stands between a prefix and the next slash: the "directories" below it, without the prefix and the slash.</summary>
    /// <param name="prefix">Empty, or ending in a slash.</param>
    /// <param name="cancellationToken">Ends the requests: one per 1000 names.</param>
    Task<IReadOnlyList<string>> ListPrefixesAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>The objects directly below a prefix.</summary>
    /// <inheritdoc cref="ListPrefixesAsync"/>
    Task<IReadOnlyList<BucketObject>> ListObjectsAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Adds what the listing did not tell, such as digests, where the protocol has a question for that.</summary>
    Task<BucketObject> DescribeAsync(BucketObject listed, CancellationToken cancellationToken);

    /// <summary>Opens an object; from an offset only if it still has that validator, else from 0.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.ArtifactNotFound"/>: the object is gone; or the bucket's failure.</exception>
    Task<ArtifactContent> OpenAsync(BucketObjectName name, long offset, string? validator, CancellationToken cancellationToken);

    /// <summary>Reads an object of at most <see cref="BucketContent.Largest"/> bytes; null where there is none.</summary>
    /// <param name="key">The object.</param>
    /// <param name="knownValidator">The validator of the content the caller has: where it still is the object's, no bytes come.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task<BucketContent?> ReadAsync(string key, string? knownValidator, CancellationToken cancellationToken);

    /// <summary>Writes an object if the condition holds.</summary>
    /// <returns>The new validator; null where the condition did not hold and nothing was written.</returns>
    Task<string?> WriteAsync(string key, BucketUpload upload, BucketCondition condition, CancellationToken cancellationToken);

    /// <summary>Removes an object; one that is not there is no failure.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);
}
