using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dewy.Engine.Registries.Oci;
using Dewy.Tests;
using Dewy.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace Dewy.Engine.Tests.Registries.Oci;

/// <summary>
/// A registry after the OCI distribution specification and distribution's token authentication, as strict as a real one:
/// wrong scopes, users, tokens and media types are refused. For what a real registry cannot be made to do.
/// </summary>
internal sealed class ImageRegistryServer : LoopbackServer
{
    public const string Repository = "acme/app";
    public const string User = "rita";
    public const string Service = "registry of tests";

    public static readonly string Password = $"pass:word/ü-{Canary.Mark}";
    public static readonly string IdentityToken = $"identity-{Canary.Mark}";

    private readonly ConcurrentDictionary<string, TestImage> _tags = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Type, byte[] Content)> _content = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _tokens = new(StringComparer.Ordinal);
    private int _tokenCount;

    /// <summary>The token that is issued as the so-manieth.</summary>
    public static string Token(int number) => $"token-{number}-{Canary.Mark}";

    public required TimeProvider Time { get; init; }

    /// <summary><c>none</c>, <c>anonymous</c> (a token for anybody), <c>bearer</c> or <c>basic</c>.</summary>
    public string Auth { get; set; } = "none";

    /// <summary>Where tokens are to be had; null for here.</summary>
    public string? Realm { get; set; }

    /// <summary>What the challenge says besides, instead of the scope that fits.</summary>
    public string Scope { get; set; } = $"repository:{Repository}:pull";

    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The most tags of a page, whatever the client asks for.</summary>
    public int LargestPage { get; set; } = 400;

    public bool GivesEntityTags { get; set; }

    public bool StatesDigests { get; set; } = true;

    /// <summary>Answers instead of the link to the next page.</summary>
    public Func<string, string>? SpoilLink { get; set; }

    /// <summary>Answers instead of the content of a manifest or blob.</summary>
    public Func<string, byte[], byte[]>? SpoilContent { get; set; }

    /// <summary>Tokens given out so far.</summary>
    public IReadOnlyCollection<string> Tokens => [.. _tokens.Keys];

    public string Authority => Address.Authority;

    /// <summary>Requests of the registry's API, without those for tokens.</summary>
    public IEnumerable<ReceivedRequest> Calls => Requests.Where(request => request.Path.StartsWith("/v2/", StringComparison.Ordinal));

    public void Push(string tag, TestImage image)
    {
        Store(image);
        _tags[tag] = image;
    }

    public void Delete(string digest) => _content.TryRemove(digest, out _);

    public void ForgetTokens() => _tokens.Clear();

    protected override Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (path is "/token")
            return GiveTokenAsync(context);
        if (!IsAllowed(context.Request))
            return RefuseAsync(context);
        const string Prefix = $"/v2/{Repository}/";
        if (!path.StartsWith(Prefix, StringComparison.Ordinal))
            return FailAsync(context, 404, "NAME_UNKNOWN", "repository name not known to registry");
        return path[Prefix.Length..].Split('/', 2) switch
        {
            ["tags", "list"] => ListAsync(context),
            ["manifests", var reference] => SendManifestAsync(context, reference),
            ["blobs", var digest] => SendAsync(context, digest, "BLOB_UNKNOWN"),
            _ => FailAsync(context, 404, "UNSUPPORTED", "no such endpoint"),
        };
    }

    private void Store(TestImage image)
    {
        _content[image.Digest] = (image.MediaType, image.Manifest);
        if (image.Config is { } config)
            _content[ContentDigest.Of(config).ToString()] = ("application/octet-stream", config);
        foreach (var child in image.Children)
            Store(child);
    }

    private Task ListAsync(HttpContext context)
    {
        var names = _tags.Keys.Order(StringComparer.Ordinal);
        if (context.Request.Query["last"].ToString() is { Length: > 0 } last)
            names = names.Where(name => string.CompareOrdinal(name, last) > 0).Order(StringComparer.Ordinal);
        var size = Math.Min(int.TryParse(context.Request.Query["n"], out var asked) ? asked : int.MaxValue, LargestPage);
        var page = names.Take(size + 1).ToList();
        if (page.Count > size)
        {
            page.RemoveAt(size);
            var next = $"/v2/{Repository}/tags/list?last={Uri.EscapeDataString(page[^1])}&n={size}";
            context.Response.Headers.Link = $"<{SpoilLink?.Invoke(next) ?? next}>; rel=\"next\"";
        }

        var body = new JsonObject { ["name"] = Repository, ["tags"] = page.Count == 0 ? null : new JsonArray([.. page.Select(name => JsonValue.Create(name))]) }.ToJsonString();
        var tag = $"\"{ContentDigest.Of(Encoding.UTF8.GetBytes(body)).Hex}\"";
        if (GivesEntityTags)
            context.Response.Headers.ETag = tag;
        return GivesEntityTags && context.Request.Headers.IfNoneMatch == tag ? AnswerAsync(context, 304, "") : AnswerAsync(context, 200, body);
    }

    private Task SendManifestAsync(HttpContext context, string reference)
    {
        var digest = reference.Contains(':', StringComparison.Ordinal) ? reference : _tags.GetValueOrDefault(reference)?.Digest;
        if (digest is null || !_content.TryGetValue(digest, out var manifest))
            return FailAsync(context, 404, "MANIFEST_UNKNOWN", "manifest unknown");

        // What a client does not accept is not there for it.
        if (!context.Request.Headers.Accept.ToString().Split(',', StringSplitOptions.TrimEntries).Contains(manifest.Type, StringComparer.Ordinal))
            return FailAsync(context, 404, "MANIFEST_UNKNOWN", $"{manifest.Type} is not accepted");
        return SendAsync(context, digest, "MANIFEST_UNKNOWN");
    }

    private async Task SendAsync(HttpContext context, string digest, string unknown)
    {
        if (!_content.TryGetValue(digest, out var found))
        {
            await FailAsync(context, 404, unknown, "unknown to registry");
            return;
        }

        var content = SpoilContent?.Invoke(digest, found.Content) ?? found.Content;
        if (StatesDigests)
            context.Response.Headers["Docker-Content-Digest"] = digest;
        context.Response.ContentType = found.Type;
        context.Response.ContentLength = content.Length;
        if (HttpMethods.IsGet(context.Request.Method))
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }

    private bool IsAllowed(HttpRequest request) => (Auth, request.Headers.Authorization.ToString()) switch
    {
        ("none", var sent) => sent.Length == 0,
        ("basic", var sent) => sent == Basic(User, Password),
        (_, var sent) => sent.StartsWith("Bearer ", StringComparison.Ordinal) && _tokens.TryGetValue(sent["Bearer ".Length..], out var until) && Time.GetUtcNow() < until,
    };

    private Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = Auth is "basic"
            ? "Basic realm=\"tests, \\\"quoted\\\"\", charset=\"UTF-8\""
            : $"Bearer realm=\"{Realm ?? new Uri(Address, "token").ToString()}\",service=\"{Service}\",scope=\"{Scope}\"";
        return FailAsync(context, 401, "UNAUTHORIZED", "authentication required");
    }

    private async Task GiveTokenAsync(HttpContext context)
    {
        var request = context.Request;
        var form = HttpMethods.IsPost(request.Method) ? await request.ReadFormAsync(context.RequestAborted) : null;
        var service = form?["service"] ?? request.Query["service"];
        var scope = form?["scope"] ?? request.Query["scope"];
        var sent = request.Headers.Authorization.ToString();
        var isKnown = form is null
            ? sent == Basic(User, Password) || (Auth is "anonymous" && sent.Length == 0)
            : sent.Length == 0 && form["grant_type"] == "refresh_token" && form["refresh_token"] == IdentityToken && form["client_id"].ToString().Length > 0;
        if (service != Service || scope != $"repository:{Repository}:pull")
        {
            await FailAsync(context, 400, "DENIED", $"no such service or scope: {service}, {scope}");
            return;
        }

        if (!isKnown)
        {
            await AnswerAsync(context, 401, """{"details":"incorrect username or password"}""");
            return;
        }

        var token = Token(Interlocked.Increment(ref _tokenCount));
        _tokens[token] = Time.GetUtcNow() + TokenLifetime;
        await AnswerAsync(context, 200, JsonSerializer.Serialize(new Dictionary<string, object>
        {
            [form is null ? "token" : "access_token"] = token,
            ["expires_in"] = (int)TokenLifetime.TotalSeconds,
        }));
    }

    private static Task FailAsync(HttpContext context, int status, string code, string message) =>
        AnswerAsync(context, status, new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["code"] = code, ["message"] = message }) }.ToJsonString());

    private static string Basic(string user, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
}
