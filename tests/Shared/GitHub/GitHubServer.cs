using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dewy.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace Dewy.Tests.GitHub;

/// <summary>
/// The part of GitHub's REST API that has to do with releases (docs.github.com/rest, version 2022-11-28): lists with pages
/// and entity tags, assets that redirect to another host, uploads, app installations, rate limits. Strict where GitHub is.
/// </summary>
internal sealed class GitHubServer : LoopbackServer
{
    private readonly Lock _gate = new();
    private readonly List<GitHubReleaseState> _releases = [];
    private readonly HashSet<string> _installationTokens = new(StringComparer.Ordinal);
    private long _lastId = 5_000_000_000; // beyond 32 bits, as identifiers will be one day
    private FileServer? _downloads;

    public string Owner { get; init; } = "acme";

    public string Repository { get; init; } = "app";

    /// <summary>The token that opens the repository; null where none is needed to read.</summary>
    public string? Token { get; init; }

    /// <summary>The app that may have installation tokens.</summary>
    public GitHubAppState? App { get; init; }

    /// <summary>Requests left before the rate limit; null for no end of them. Answers 304 to requests with a token are free.</summary>
    public int? RequestsLeft { get; set; }

    /// <summary>Where a renamed repository was before; null where it always had its name.</summary>
    public string? FormerName { get; init; }

    /// <summary>What <c>upload_url</c> starts with; this server where null.</summary>
    public Uri? UploadAddress { get; set; }

    /// <summary>Path before every endpoint: <c>/api/v3</c> on Enterprise.</summary>
    public string BasePath { get; init; } = "";

    /// <summary>The host downloads are redirected to.</summary>
    public FileServer Downloads => Required(_downloads);

    /// <summary>Path before uploads: Enterprise has them on the same host, elsewhere.</summary>
    private string UploadPath => BasePath.Length == 0 ? "" : "/api/uploads";

    /// <summary>The API's root, as <c>GITHUB_API_URL</c> has it.</summary>
    public string ApiUrl => Address.ToString().TrimEnd('/') + BasePath;

    public async Task OpenAsync()
    {
        _downloads = await FileServer.CreateAsync();
        await StartAsync();
    }

    public GitHubReleaseState Publish(string tag, DateTimeOffset at, params IReadOnlyList<(string Name, byte[] Content)> files)
    {
        lock (_gate)
        {
            var release = new GitHubReleaseState { Id = ++_lastId, Tag = tag, CreatedAt = at.AddMinutes(-5), PublishedAt = at };
            foreach (var (name, content) in files)
                release.Assets.Add(NewAsset(name, content, at));
            _releases.Add(release);
            return release;
        }
    }

    public GitHubAssetState Attach(GitHubReleaseState release, string name, byte[] content, DateTimeOffset at)
    {
        lock (_gate)
        {
            var asset = NewAsset(name, content, at);
            release.Assets.Add(asset);
            return asset;
        }
    }

    /// <summary>Deletes a file, as is done before another one takes its name.</summary>
    public void Detach(GitHubReleaseState release, string name)
    {
        lock (_gate)
            release.Assets.RemoveAll(asset => asset.Name == name);
    }

    public void Delete(GitHubReleaseState release)
    {
        lock (_gate)
            _releases.Remove(release);
    }

    public IReadOnlyList<GitHubReleaseState> Releases
    {
        get
        {
            lock (_gate)
                return [.. _releases];
        }
    }

    protected override async ValueTask CloseAsync()
    {
        if (_downloads is not null)
            await _downloads.DisposeAsync();
    }

    protected override Task ServeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.UserAgent.Count == 0)
            return ErrorAsync(context, 403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header");
        var path = request.Path.Value ?? "";
        var root = HttpMethods.IsPost(request.Method) && path.StartsWith(UploadPath + "/", StringComparison.Ordinal) ? UploadPath : BasePath;
        if (!path.StartsWith(root + "/", StringComparison.Ordinal))
            return ErrorAsync(context, 404, "Not Found");
        var segments = path[(root.Length + 1)..].Split('/');
        if (segments is ["app", "installations", var installation, "access_tokens"] && HttpMethods.IsPost(request.Method))
            return CreateTokenAsync(context, installation);
        if (segments is not ["repos", var owner, var repository, "releases", .. var rest] || owner != Owner)
            return ErrorAsync(context, 404, "Not Found");
        if (FormerName is not null && repository == FormerName)
        {
            context.Response.Headers.Location = $"{ApiUrl}/repos/{Owner}/{Repository}/releases{string.Concat(rest.Select(part => "/" + part))}{request.QueryString}";
            return ErrorAsync(context, 301, "Moved Permanently");
        }

        if (repository != Repository)
            return ErrorAsync(context, 404, "Not Found");
        if (!IsAllowed(request, out var authenticated))
            return authenticated ? ErrorAsync(context, 401, "Bad credentials") : ErrorAsync(context, 404, "Not Found");
        return rest switch
        {
            [] when HttpMethods.IsGet(request.Method) => ListAsync(context, authenticated),
            ["assets", var id] when HttpMethods.IsGet(request.Method) => AssetAsync(context, id),
            ["tags", var tag] when HttpMethods.IsGet(request.Method) => ReleaseAsync(context, release => release.Tag == tag),
            [var id] when HttpMethods.IsGet(request.Method) => ReleaseAsync(context, release => release.Id.ToString() == id),
            [var id, "assets"] when HttpMethods.IsPost(request.Method) => UploadAsync(context, id, authenticated),
            _ => ErrorAsync(context, 404, "Not Found"),
        };
    }

    private bool IsAllowed(HttpRequest request, out bool authenticated)
    {
        var header = request.Headers.Authorization.ToString();
        authenticated = header.Length > 0;
        if (!authenticated)
            return Token is null && App is null;
        var parts = header.Split(' ', 2);
        var sent = parts is [var scheme, var value] && scheme.ToLowerInvariant() is "bearer" or "token" ? value : null;
        lock (_gate)
            return sent is not null && (sent == Token || _installationTokens.Contains(sent));
    }

    private bool TakeRequest(HttpContext context)
    {
        var reset = App?.Time.GetUtcNow().AddMinutes(10) ?? DateTimeOffset.UtcNow.AddMinutes(10);
        lock (_gate)
        {
            context.Response.Headers["X-RateLimit-Limit"] = "5000";
            context.Response.Headers["X-RateLimit-Reset"] = reset.ToUnixTimeSeconds().ToString();
            if (RequestsLeft is 0)
            {
                context.Response.Headers["X-RateLimit-Remaining"] = "0";
                return false;
            }

            RequestsLeft--;
            context.Response.Headers["X-RateLimit-Remaining"] = (RequestsLeft ?? 4999).ToString();
            return true;
        }
    }

    private async Task ListAsync(HttpContext context, bool authenticated)
    {
        var size = Math.Min(int.Parse(context.Request.Query["per_page"].FirstOrDefault() ?? "30"), 100);
        var page = int.Parse(context.Request.Query["page"].FirstOrDefault() ?? "1");
        string body;
        int last;
        lock (_gate)
        {
            var visible = _releases.Where(release => !release.Draft || authenticated).OrderByDescending(release => release.Draft).ThenByDescending(release => release.CreatedAt).ToList();
            last = Math.Max(1, (visible.Count + size - 1) / size);
            body = JsonSerializer.Serialize(visible.Skip((page - 1) * size).Take(size).Select(ToJson));
        }

        var etag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}\"";
        var same = context.Request.Headers.IfNoneMatch.Contains(etag);
        if (!(same && authenticated) && !TakeRequest(context))
        {
            await ErrorAsync(context, 403, "API rate limit exceeded for 192.0.2.1.");
            return;
        }

        context.Response.Headers.ETag = etag;
        var links = new List<string>();
        if (page < last)
            links.AddRange([Link(page + 1, "next"), Link(last, "last")]);
        if (page > 1)
            links.AddRange([Link(page - 1, "prev"), Link(1, "first")]);
        if (links.Count > 0)
            context.Response.Headers.Link = string.Join(", ", links);
        await AnswerAsync(context, same ? 304 : 200, same ? "" : body);

        string Link(int number, string relation) => $"<{ApiUrl}/repositories/1296269/releases?per_page={size}&page={number}>; rel=\"{relation}\"";
    }

    private async Task AssetAsync(HttpContext context, string id)
    {
        if (!TakeRequest(context))
        {
            await ErrorAsync(context, 403, "API rate limit exceeded for 192.0.2.1.");
            return;
        }

        GitHubAssetState? asset;
        lock (_gate)
            asset = _releases.SelectMany(release => release.Assets).FirstOrDefault(asset => asset.Id.ToString() == id);
        if (asset is null)
        {
            await ErrorAsync(context, 404, "Not Found");
            return;
        }

        if (context.Request.Headers.Accept != "application/octet-stream")
        {
            await AnswerAsync(context, 200, JsonSerializer.Serialize(ToJson(asset)));
            return;
        }

        asset.DownloadCount++;
        var path = $"/github-production-release-asset/{asset.Id}";
        Downloads.Put(path, asset.Content);
        context.Response.Headers.Location = new Uri(Downloads.OtherName, path + "?sp=r&sig=" + Signature).ToString();
        await AnswerAsync(context, 302, "");
    }

    /// <summary>The signature in download URLs: whoever has it may download, so nobody may see it.</summary>
    public string Signature { get; } = "canary-signature-" + Guid.NewGuid().ToString("N");

    private async Task ReleaseAsync(HttpContext context, Func<GitHubReleaseState, bool> wanted)
    {
        string? body;
        lock (_gate)
            body = _releases.FirstOrDefault(wanted) is { } release ? JsonSerializer.Serialize(ToJson(release)) : null;
        await (body is null ? ErrorAsync(context, 404, "Not Found") : AnswerAsync(context, 200, body));
    }

    private async Task UploadAsync(HttpContext context, string id, bool authenticated)
    {
        var request = context.Request;
        var name = request.Query["name"].ToString();
        if (!authenticated)
        {
            await ErrorAsync(context, 401, "Requires authentication");
            return;
        }

        if (request.ContentLength is null or 0 || string.IsNullOrEmpty(request.ContentType) || name.Length == 0)
        {
            await ErrorAsync(context, 400, "Bad Content-Length");
            return;
        }

        using var content = new MemoryStream();
        await request.Body.CopyToAsync(content, context.RequestAborted);
        string? body = null;
        var status = 404;
        lock (_gate)
        {
            if (_releases.FirstOrDefault(release => release.Id.ToString() == id) is { } release)
            {
                status = release.Assets.Exists(asset => asset.Name == name) ? 422 : 201;
                if (status == 201)
                {
                    var asset = NewAsset(name, content.ToArray(), release.CreatedAt);
                    release.Assets.Add(asset);
                    body = JsonSerializer.Serialize(ToJson(asset));
                }
            }
        }

        await (status switch
        {
            201 => AnswerAsync(context, 201, body ?? ""),
            422 => AnswerAsync(context, 422, """{"message":"Validation Failed","errors":[{"resource":"ReleaseAsset","code":"already_exists","field":"name"}]}"""),
            _ => ErrorAsync(context, 404, "Not Found"),
        });
    }

    private async Task CreateTokenAsync(HttpContext context, string installation)
    {
        if (App is null || installation != App.InstallationId || App.Check(context.Request.Headers.Authorization.ToString()) is { } refusal)
        {
            await ErrorAsync(context, 401, App?.Check(context.Request.Headers.Authorization.ToString()) ?? "Bad credentials");
            return;
        }

        var token = $"ghs_canary{Guid.NewGuid():N}";
        lock (_gate)
            _installationTokens.Add(token);
        App.Issued.Add(token);
        await AnswerAsync(context, 201, JsonSerializer.Serialize(new { token, expires_at = App.Time.GetUtcNow().AddHours(1), permissions = new { contents = "write" } }));
    }

    private GitHubAssetState NewAsset(string name, byte[] content, DateTimeOffset at) => new()
    {
        Id = ++_lastId,
        Name = name,
        Content = content,
        Digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content)),
        UpdatedAt = at,
    };

    private object ToJson(GitHubReleaseState release) => new
    {
        url = $"{ApiUrl}/repos/{Owner}/{Repository}/releases/{release.Id}",
        assets_url = $"{ApiUrl}/repos/{Owner}/{Repository}/releases/{release.Id}/assets",
        upload_url = $"{(UploadAddress ?? Address).ToString().TrimEnd('/')}{UploadPath}/repos/{Owner}/{Repository}/releases/{release.Id}/assets{{?name,label}}",
        html_url = $"https://github.com/{Owner}/{Repository}/releases/tag/{release.Tag}",
        id = release.Id,
        author = new { login = "octocat", id = 1 },
        node_id = "RE_kwDO",
        tag_name = release.Tag,
        target_commitish = "main",
        name = release.Tag,
        draft = release.Draft,
        immutable = false,
        prerelease = release.PreRelease,
        created_at = release.CreatedAt,
        published_at = release.Draft ? null : release.PublishedAt,
        assets = release.Assets.Select(ToJson),
        body = "Notes with \"quotes\" and ünïcode",
    };

    private object ToJson(GitHubAssetState asset) => new
    {
        url = $"{ApiUrl}/repos/{Owner}/{Repository}/releases/assets/{asset.Id}",
        id = asset.Id,
        name = asset.Name,
        label = (string?)null,
        content_type = "application/octet-stream",
        state = asset.State,
        size = asset.Content.LongLength,
        digest = asset.Digest,
        download_count = asset.DownloadCount,
        created_at = asset.UpdatedAt,
        updated_at = asset.UpdatedAt,
        browser_download_url = $"https://github.com/{Owner}/{Repository}/releases/download/x/{Uri.EscapeDataString(asset.Name)}",
    };

    private static Task ErrorAsync(HttpContext context, int status, string message) =>
        AnswerAsync(context, status, JsonSerializer.Serialize(new { message, documentation_url = "https://docs.github.com/rest" }));
}
