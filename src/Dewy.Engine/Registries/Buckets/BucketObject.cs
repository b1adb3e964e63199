namespace Dewy.Engine.Registries.Buckets;

/// <summary>An object of a bucket as its listing tells.</summary>
internal sealed record BucketObject
{
    /// <summary>The whole name.</summary>
    public required string Key { get; init; }

    /// <summary>What follows the last slash.</summary>
    public string Name => Key[(Key.LastIndexOf('/') + 1)..];

    /// <summary>Size in bytes.</summary>
    public long? Size { get; init; }

    /// <summary>When its content was written (UTC).</summary>
    public DateTimeOffset? WrittenAt { get; init; }

    /// <summary>Changes with the content: an entity tag or a generation.</summary>
    public string? Validator { get; init; }

    /// <summary>What the bucket says the content hashes to.</summary>
    public IReadOnlyList<Digest> Digests { get; init; } = [];

    /// <summary>Whether asking about this object alone may tell more digests.</summary>
    public bool HasMoreToTell { get; init; }
}
