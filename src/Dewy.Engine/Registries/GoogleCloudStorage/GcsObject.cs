using Dewy.Engine.Registries.Buckets;

namespace Dewy.Engine.Registries.GoogleCloudStorage;

/// <summary>An object (<c>storage#object</c>).</summary>
/// <param name="Name">The whole name.</param>
/// <param name="Generation">Changes with the content, never with the metadata.</param>
/// <param name="Size">Size in bytes as it is stored.</param>
/// <param name="TimeCreated">When this generation was written.</param>
/// <param name="Md5Hash">Base64; missing on composed objects.</param>
/// <param name="Crc32c">Base64 of four bytes, the highest first.</param>
internal sealed record GcsObject(string Name, string Generation, long? Size = null, DateTimeOffset? TimeCreated = null, string? Md5Hash = null, string? Crc32c = null)
{
    /// <summary>The fields of an object that are asked for.</summary>
    public const string Fields = "name,generation,size,timeCreated,md5Hash,crc32c";

    public BucketObject ToObject() => new()
    {
        Key = Name,
        Size = Size,
        WrittenAt = TimeCreated?.ToUniversalTime(),
        Validator = Generation,
        Digests = [.. new[] { FromBase64("md5", Md5Hash), FromBase64("crc32c", Crc32c) }.OfType<Digest>()],
    };

    private static Digest? FromBase64(string algorithm, string? text)
    {
        var buffer = new byte[16];
        return !string.IsNullOrEmpty(text)
            && Convert.TryFromBase64String(text, buffer, out var length)
            && Digest.TryCreate(algorithm, Convert.ToHexStringLower(buffer.AsSpan(0, length)), out var digest)
                ? digest
                : null;
    }
}
