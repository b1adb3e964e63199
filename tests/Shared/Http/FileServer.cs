using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Dewy.Tests.Http;

/// <summary>
/// Serves files with ranges, as the download hosts of registries do, and like some of them refuses requests that carry
/// credentials meant for somebody else.
/// </summary>
internal sealed class FileServer : LoopbackServer
{
    private readonly ConcurrentDictionary<string, (byte[] Content, string? ETag)> _files = new(StringComparer.Ordinal);

    public static async Task<FileServer> CreateAsync()
    {
        var server = new FileServer();
        await server.StartAsync();
        return server;
    }

    /// <summary>Whether a request with an <c>Authorization</c> header is refused.</summary>
    public bool RefusesCredentials { get; init; } = true;

    /// <summary>Puts a file at a path (with its leading slash), replacing one that is there; an empty entity tag means none.</summary>
    public void Put(string path, byte[] content, string? etag = null) =>
        _files[path] = (content, etag ?? $"\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content))[..16]}\"");

    /// <summary>Called before each answer, to change files in between.</summary>
    public Action<HttpRequest>? Before { get; set; }

    /// <summary>Ignores ranges, as some servers do.</summary>
    public bool IgnoresRanges { get; set; }

    protected override async Task ServeAsync(HttpContext context)
    {
        Before?.Invoke(context.Request);
        if (RefusesCredentials && context.Request.Headers.Authorization.Count > 0)
        {
            await AnswerAsync(context, 400, "<Error><Code>InvalidArgument</Code></Error>", "application/xml");
            return;
        }

        if (!_files.TryGetValue(context.Request.Path.Value ?? "", out var file))
        {
            await AnswerAsync(context, 404, "<Error><Code>NoSuchKey</Code></Error>", "application/xml");
            return;
        }

        await Results.File(
            file.Content,
            "application/octet-stream",
            enableRangeProcessing: !IgnoresRanges,
            entityTag: string.IsNullOrEmpty(file.ETag) ? null : Microsoft.Net.Http.Headers.EntityTagHeaderValue.Parse(file.ETag)).ExecuteAsync(context);
    }
}
