using System.Net;
using System.Net.Http.Headers;
using Amazon.S3;
using Amazon.S3.Model;
using Dewy.Engine.Registries.Buckets;

namespace Dewy.Engine.Registries.S3;

/// <summary>
/// Reads what S3 says about objects. An ETag is the content's MD5 only for objects written in one piece, and not encrypted
/// with keys of KMS or the customer ("Object" in the Amazon S3 API Reference); which of that applies a listing does not tell.
/// </summary>
internal static class S3Object
{
    private static readonly string[] UsefulChecksums = ["SHA256", "CRC32C"];

    public static BucketObject Read(Amazon.S3.Model.S3Object listed, string key) => new()
    {
        Key = key,
        Size = listed.Size,
        WrittenAt = Utc(listed.LastModified),
        Validator = listed.ETag,
        HasMoreToTell = listed.Size is not 0
            && (Md5Of(listed.ETag) is not null || (listed.ChecksumAlgorithm ?? []).Exists(algorithm => UsefulChecksums.Contains(algorithm, StringComparer.Ordinal))),
    };

    /// <summary>The digests of the whole object, the strongest first.</summary>
    public static IReadOnlyList<Digest> Digests(GetObjectMetadataResponse answer)
    {
        var isWhole = answer.ChecksumType != ChecksumType.COMPOSITE;
        var isPlain = answer.ServerSideEncryptionMethod is not { } method || method == ServerSideEncryptionMethod.None || method == ServerSideEncryptionMethod.AES256;
        var hasCustomerKey = answer.ServerSideEncryptionCustomerMethod is { } customer && customer != ServerSideEncryptionCustomerMethod.None;
        return
        [
            .. new[]
            {
                isWhole ? FromBase64("sha256", answer.ChecksumSHA256) : null,
                isPlain && !hasCustomerKey ? Md5Of(answer.ETag) : null,
                isWhole ? FromBase64("crc32c", answer.ChecksumCRC32C) : null,
            }.OfType<Digest>(),
        ];
    }

    /// <summary>Whether an answer goes on exactly where it was asked to.</summary>
    public static bool IsContinuation(GetObjectResponse answer, long offset, string validator) =>
        answer.HttpStatusCode is HttpStatusCode.PartialContent
        && string.Equals(answer.ETag, validator, StringComparison.Ordinal)
        && ContentRangeHeaderValue.TryParse(answer.ContentRange, out var range)
        && range.From == offset;

    /// <summary>The length of the whole object from <c>bytes 100-199/200</c>.</summary>
    public static long? TotalLength(string? contentRange) =>
        ContentRangeHeaderValue.TryParse(contentRange, out var range) ? range.Length : null;

    public static DateTimeOffset? Utc(DateTime? time) => time is { } known ? new DateTimeOffset(known.ToUniversalTime()) : null;

    /// <summary>The MD5 an ETag may be; null for objects written in parts, whose ETag ends in their count.</summary>
    private static Digest? Md5Of(string? etag) => Digest.TryCreate("md5", (etag ?? "").Trim('"'), out var digest) ? digest : null;

    private static Digest? FromBase64(string algorithm, string? text)
    {
        var buffer = new byte[64];
        return !string.IsNullOrEmpty(text)
            && Convert.TryFromBase64String(text, buffer, out var length)
            && Digest.TryCreate(algorithm, Convert.ToHexStringLower(buffer.AsSpan(0, length)), out var digest)
                ? digest
                : null;
    }
}
