using System.Security;
using System.Text;
using Dewy.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace Dewy.Tests.S3;

/// <summary>
/// The part of S3 that listing needs (Amazon S3 API Reference, ListObjectsV2 and HeadObject), without a real server: pages, delimiters, and
/// requests refused that are not signed for this bucket's region by the right key. Signatures are not checked.
/// </summary>
internal sealed class ListedBucket : LoopbackServer
{
    public const string Region = "eu-west-1";
    public const string Bucket = "bucket-of-tests";

    private const int LargestPage = 1000;

    private readonly SortedDictionary<string, (long Size, DateTimeOffset At)> _objects = new(StringComparer.Ordinal);

    /// <summary>The id of the key that may read.</summary>
    public required string KeyId { get; init; }

    /// <summary>The session's token that must come along; null for none.</summary>
    public string? SessionToken { get; init; }

    /// <summary>The registry's URL; parameters follow with <c>&amp;</c>.</summary>
    public string RegistryUrl => $"s3://{Region}/{Bucket}/app?endpoint={Uri.EscapeDataString(Address.AbsoluteUri)}";

    public void Put(string key, long size, DateTimeOffset at) => _objects[key] = (size, at);

    protected override Task ServeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!request.Headers.Authorization.ToString().StartsWith($"AWS4-HMAC-SHA256 Credential={KeyId}/", StringComparison.Ordinal)
            || !request.Headers.Authorization.ToString().Contains($"/{Region}/s3/aws4_request", StringComparison.Ordinal)
            || (SessionToken is not null && request.Headers["x-amz-security-token"] != SessionToken)
            || request.Headers["x-amz-date"].Count == 0
            || request.Headers["x-amz-content-sha256"].Count == 0)
            return AnswerAsync(context, 403, "<Error><Code>InvalidAccessKeyId</Code><Message>The key does not exist in our records.</Message></Error>", "application/xml");
        if (request.Method == "HEAD" && _objects.TryGetValue((request.Path.Value ?? "")[(Bucket.Length + 2)..], out var stored))
        {
            context.Response.Headers.ETag = ETag(stored.Size);
            context.Response.ContentLength = stored.Size;
            context.Response.Headers.LastModified = stored.At.ToString("R");
            return Task.CompletedTask;
        }

        if (request.Method != "GET" || request.Path.Value?.TrimEnd('/') != $"/{Bucket}" || request.Query["list-type"] != "2")
            return AnswerAsync(context, 404, "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>", "application/xml");
        return AnswerAsync(context, 200, List(request.Query), "application/xml");
    }

    private static string ETag(long size) => $"\"{size:x32}\"";

    private string List(IQueryCollection query)
    {
        var prefix = query["prefix"].ToString();
        var delimiter = query["delimiter"].ToString();
        var after = query["continuation-token"].ToString() is { Length: > 0 } token ? Encoding.UTF8.GetString(Convert.FromBase64String(token)) : query["start-after"].ToString();
        var entries = _objects
            .Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(entry => (Name: Fold(entry.Key, prefix, delimiter), entry.Key, entry.Value))
            .DistinctBy(entry => entry.Name, StringComparer.Ordinal)
            .Where(entry => string.CompareOrdinal(entry.Name, after) > 0)
            .Take(LargestPage + 1)
            .ToList();
        var isTruncated = entries.Count > LargestPage;
        if (isTruncated)
            entries.RemoveAt(LargestPage);
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        text.Append($"<Name>{Bucket}</Name><Prefix>{Shown(prefix)}</Prefix><KeyCount>{entries.Count}</KeyCount><MaxKeys>{LargestPage}</MaxKeys><IsTruncated>{(isTruncated ? "true" : "false")}</IsTruncated>");
        if (query["encoding-type"] == "url")
            text.Append("<EncodingType>url</EncodingType>");
        if (isTruncated)
            text.Append($"<NextContinuationToken>{Convert.ToBase64String(Encoding.UTF8.GetBytes(entries[^1].Name))}</NextContinuationToken>");
        foreach (var (name, key, (size, at)) in entries)
        {
            text.Append(name == key
                ? $"<Contents><Key>{Shown(key)}</Key><LastModified>{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}</LastModified><ETag>{SecurityElement.Escape(ETag(size))}</ETag><Size>{size}</Size><StorageClass>STANDARD</StorageClass></Contents>"
                : $"<CommonPrefixes><Prefix>{Shown(name)}</Prefix></CommonPrefixes>");
        }

        return text.Append("</ListBucketResult>").ToString();

        string Shown(string text) => SecurityElement.Escape(query["encoding-type"] == "url" ? Uri.EscapeDataString(text) : text);
    }

    private static string Fold(string key, string prefix, string delimiter) =>
        delimiter.Length > 0 && key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal) is >= 0 and var end ? key[..(end + delimiter.Length)] : key;
}
