using System.Collections.Concurrent;
using System.Security.Cryptography;
using Dewy.Tests.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Dewy.Tests.S3;

/// <summary>
/// Stands before a real <see cref="S3Rver"/>: counts, spoils answers, and adds what that server does not have and Amazon's
/// has (conditional writes, checksums; Amazon S3 API Reference, PutObject and HeadObject).
/// </summary>
internal sealed class S3Front(S3Rver server, string bucket) : LoopbackServer
{
    private static readonly HashSet<string> NotForwarded = new(["Transfer-Encoding", "Connection", "Keep-Alive"], StringComparer.OrdinalIgnoreCase);

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly SemaphoreSlim _serving = new(1, 1);
    private Uri? _target;

    /// <summary>Whether <c>If-Match</c> and <c>If-None-Match</c> of a PUT are obeyed; the real s3rver ignores them.</summary>
    public bool HonoursConditions { get; set; } = true;

    /// <summary>Added to answers of HEAD when checksums are asked for, by key.</summary>
    public ConcurrentDictionary<string, (string Name, string Value)[]> Statements { get; } = new(StringComparer.Ordinal);

    public async Task OpenAsync()
    {
        _target = await server.AddressAsync();
        await StartAsync();
    }

    protected override ValueTask CloseAsync()
    {
        _client.Dispose();
        _serving.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override async Task ServeAsync(HttpContext context)
    {
        // One at a time: s3rver writes content and its entity tag one after the other, which nobody may see between.
        await _serving.WaitAsync(context.RequestAborted);
        try
        {
            if (HonoursConditions && IsConditionalWrite(context.Request) && !IsMet(context.Request))
                await AnswerAsync(context, 412, "<Error><Code>PreconditionFailed</Code><Message>At least one of the pre-conditions you specified did not hold</Message></Error>", "application/xml");
            else
                await ForwardAsync(context);
        }
        finally
        {
            _serving.Release();
        }
    }

    private static bool IsConditionalWrite(HttpRequest request) =>
        request.Method == "PUT" && (request.Headers.IfNoneMatch.Count > 0 || request.Headers.IfMatch.Count > 0);

    private bool IsMet(HttpRequest request)
    {
        var path = server.PathOf(bucket, Key(request));
        var etag = File.Exists(path) ? $"\"{Convert.ToHexStringLower(MD5.HashData(File.ReadAllBytes(path)))}\"" : null;
        return request.Headers.IfNoneMatch.Count > 0 ? etag is null : etag == request.Headers.IfMatch.ToString();
    }

    private string Key(HttpRequest request) => (request.Path.Value ?? "")[(bucket.Length + 2)..];

    private async Task ForwardAsync(HttpContext context)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var target = new Uri(Required(_target).GetLeftPart(UriPartial.Authority) + raw, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), target);
        if (context.Request.ContentLength is not null || context.Request.Method == "PUT")
            request.Content = new StreamContent(context.Request.Body);
        foreach (var (name, value) in context.Request.Headers)
        {
            if (NotForwarded.Contains(name))
                continue;
            if (!request.Headers.TryAddWithoutValidation(name, [.. value]))
                request.Content?.Headers.TryAddWithoutValidation(name, [.. value]);
        }

        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(header => !NotForwarded.Contains(header.Key)))
            context.Response.Headers[name] = values.ToArray();
        if (context.Request.Method == "HEAD" && context.Request.Headers.ContainsKey("x-amz-checksum-mode") && Statements.TryGetValue(Key(context.Request), out var statements))
        {
            foreach (var (name, value) in statements)
                context.Response.Headers[name] = value;
        }

        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
