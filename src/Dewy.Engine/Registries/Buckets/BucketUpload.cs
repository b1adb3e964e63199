namespace Dewy.Engine.Registries.Buckets;

/// <summary>What is written to an object.</summary>
internal sealed record BucketUpload
{
    /// <summary>The content, at its beginning; it can be sought, and stays open.</summary>
    public required Stream Content { get; init; }

    /// <summary>Bytes of <see cref="Content"/>.</summary>
    public required long Length { get; init; }

    /// <summary>SHA-256 of the content; the bucket checks it where it can.</summary>
    public Digest? Sha256 { get; init; }

    public string ContentType { get; init; } = "application/octet-stream";

    /// <summary>Longest the upload may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Content that is in memory.</summary>
    public static BucketUpload Of(byte[] content, string contentType = "application/json") =>
        new() { Content = new MemoryStream(content, writable: false), Length = content.Length, ContentType = contentType };
}
