namespace Dewy.Engine.Registries.Buckets;

/// <summary>A small object that was read.</summary>
internal sealed record BucketContent
{
    /// <summary>The most bytes of an object that is read into memory.</summary>
    public const int Largest = 32 << 20;

    /// <summary>The content; null where the caller has it already, because the validator is the one the caller named.</summary>
    public byte[]? Bytes { get; init; }

    public required string Validator { get; init; }

    /// <summary>How long ago it was written, both times by the bucket's clock, so that clocks of hosts may differ; null where the bucket does not tell.</summary>
    public TimeSpan? Age { get; init; }
}
