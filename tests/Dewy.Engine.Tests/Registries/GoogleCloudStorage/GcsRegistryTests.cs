using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dewy.Engine.Registries;
using Dewy.Engine.Releases;
using Dewy.Tests.GoogleCloud;
using Xunit;

namespace Dewy.Engine.Tests.Registries.GoogleCloudStorage;

/// <summary>What Google Cloud Storage does besides the contract.</summary>
public sealed class GcsRegistryTests : IAsyncLifetime
{
    private static readonly byte[] Content = [.. "content"u8];

    private readonly GcsFixture _registry = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _registry.Time.GetUtcNow();

    public ValueTask InitializeAsync() => new(_registry.StartAsync());

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task Poll_NothingNew_CostsOneRequestAPageAndOneForTheChosenRelease()
    {
        for (var minor = 0; minor < 1500; minor++)
            _registry.Server.Put($"team/app/v1.{minor}.0/app_linux_amd64.zip", Content, Now);
        await using var source = Open();
        var finder = Finder(source);
        await finder.FindNewestAsync(Token);
        _registry.Server.Forget();

        var finding = await finder.FindNewestAsync(Token);

        Assert.Equal(PollOutcome.Unchanged, finding.Outcome);
        Assert.Equal(3, _registry.Server.Requests.Count);
    }

    [Fact]
    public async Task ListAssets_Object_HasItsDigestsAndTheTimeItsContentWasWritten()
    {
        _registry.Server.Put("team/app/v1.0.0/app.zip", [.. "123456789"u8], Now.AddHours(-5));
        await using var source = Open();

        var asset = Assert.Single(await source.ListAssetsAsync(new ReleaseCandidate { Tag = "v1.0.0" }, Token));

        Assert.Equal(["md5:25f9e794323b453885f5181f1b624d0b", "crc32c:e3069283"], asset.Digests.Select(digest => digest.ToString()));
        Assert.Equal(Now.AddHours(-5), asset.ModifiedAt);
        Assert.Equal(9, asset.Size);
        Assert.Equal($"gs://{GcsFixture.Bucket}/team/app/v1.0.0/app.zip", asset.Location.OriginalString);
    }

    [Fact]
    public async Task Open_ObjectKeptPacked_ComesAsItIsKept()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            await gzip.WriteAsync(Content, Token);
        _registry.Server.Put("team/app/v1.0.0/app.tar.gz", packed.ToArray(), Now, isPacked: true);
        await using var source = Open();
        var asset = Assert.Single(await source.ListAssetsAsync(new ReleaseCandidate { Tag = "v1.0.0" }, Token));

        await using var content = await source.OpenAsync(asset, 0, null, Token);
        using var bytes = new MemoryStream();
        await content.Stream.CopyToAsync(bytes, Token);

        Assert.Equal(packed.ToArray(), bytes.ToArray());
        Assert.Contains(Digest.Parse("md5:" + Convert.ToHexStringLower(MD5.HashData(bytes.ToArray()))), asset.Digests);
    }

    [Fact]
    public async Task Poll_ObjectsAreMissingFieldsNobodyAskedFor()
    {
        _registry.Server.Put("team/app/v1.0.0/app_linux_amd64.zip", Content, Now);
        await using var source = Open();

        await Finder(source).FindNewestAsync(Token);

        var lists = _registry.Server.Requests.Where(request => request.Path.EndsWith("/o", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, lists.Count);
        Assert.Contains("fields=prefixes%2CnextPageToken", lists[0].Query, StringComparison.Ordinal);
        Assert.Contains("fields=items%28name", lists[1].Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_AuthorizedUser_GetsATokenForItsRefreshToken()
    {
        await File.WriteAllTextAsync(_registry.CredentialsPath, GcsServer.AuthorizedUser, Token);
        using var detour = new TokenDetour(_registry.Server.Address);
        _registry.Server.Put("team/app/v1.0.0/app_linux_amd64.zip", Content, Now);
        await using var source = Open(_registry.Services with { CreateHandler = detour.Create });

        var finding = await Finder(source).FindNewestAsync(Token);

        Assert.Equal("v1.0.0", finding.Release.Tag);
        Assert.Equal(1, detour.Count);
    }

    [Fact]
    public async Task Credentials_WorkloadIdentity_ExchangesTheSubjectTokenForAnAccessToken()
    {
        var subject = _registry.CredentialsPath + ".subject";
        await File.WriteAllTextAsync(subject, "subject-token", Token);
        await File.WriteAllTextAsync(_registry.CredentialsPath, new JsonObject
        {
            ["type"] = "external_account",
            ["audience"] = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider",
            ["subject_token_type"] = "urn:ietf:params:oauth:token-type:jwt",
            ["token_url"] = "https://sts.googleapis.com/v1/token",
            ["credential_source"] = new JsonObject { ["file"] = subject },
        }.ToJsonString(), Token);
        using var detour = new TokenDetour(_registry.Server.Address);
        _registry.Server.Put("team/app/v1.0.0/app_linux_amd64.zip", Content, Now);
        await using var source = Open(_registry.Services with { CreateHandler = detour.Create });

        Assert.Equal("v1.0.0", (await Finder(source).FindNewestAsync(Token)).Release.Tag);
        Assert.Equal(1, detour.Count);
    }

    [Fact]
    public async Task Credentials_KeyOfAnotherAccount_IsUnauthorized()
    {
        var account = JsonNode.Parse(await File.ReadAllTextAsync(_registry.CredentialsPath, Token)) ?? new JsonObject();
        using (var other = RSA.Create(2048))
            account["private_key"] = other.ExportPkcs8PrivateKeyPem();
        await File.WriteAllTextAsync(_registry.CredentialsPath, account.ToJsonString(), Token);
        await using var source = Open();

        var failure = await Assert.ThrowsAsync<DewyException>(() => source.ListAsync(Token));

        Assert.Equal(ErrorCode.RegistryUnauthorized, failure.Code);
        Assert.Contains("GOOGLE_APPLICATION_CREDENTIALS", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_FileIsMissing_IsUnauthorizedAndNamesIt()
    {
        File.Delete(_registry.CredentialsPath);
        await using var source = Open();

        var failure = await Assert.ThrowsAsync<DewyException>(() => source.ListAsync(Token));

        Assert.Equal(ErrorCode.RegistryUnauthorized, failure.Code);
        Assert.Contains(_registry.CredentialsPath, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Emulator_FromTheEnvironment_IsAskedWithoutCredentials()
    {
        _registry.Server.Token = null;
        _registry.Server.Put("team/app/v1.0.0/app_linux_amd64.zip", Content, Now);
        var services = _registry.Services with { Environment = new Dictionary<string, string> { ["STORAGE_EMULATOR_HOST"] = _registry.Server.Address.Authority } };
        await using var source = Open(services, query: "");

        Assert.Equal("v1.0.0", (await Finder(source).FindNewestAsync(Token)).Release.Tag);
        Assert.All(_registry.Server.Requests, request => Assert.Null(request.Header("Authorization")));
    }

    [Fact]
    public async Task Token_SeveralPolls_IsAskedForOnce()
    {
        _registry.Server.Put("team/app/v1.0.0/app_linux_amd64.zip", Content, Now);
        await using var source = Open();
        var finder = Finder(source);

        for (var poll = 0; poll < 3; poll++)
            await finder.FindNewestAsync(Token);

        Assert.Single(_registry.Server.Requests, request => request.Path == "/token");
    }

    [Theory]
    [InlineData("gs://")]
    [InlineData("gs:///prefix")]
    [InlineData("gs://bucket/a//b")]
    [InlineData("gs://bucket/../b")]
    [InlineData("gs://bucket/app?endpoint=ftp://x")]
    [InlineData("gs://bucket/app?region=eu")]
    public void Address_Bad_IsRefused(string url)
    {
        var failure = Assert.Throws<DewyException>(() => RegistryCatalog.BuiltIn.Parse(url));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
    }

    private static ReleaseFinder Finder(IReleaseSource source) =>
        new(source, new ReleaseCriteria(), HostPlatform.Parse("linux/amd64"), TimeProvider.System, "app");

    private IReleaseSource Open(RegistryServices? services = null, string? query = null)
    {
        var address = RegistryCatalog.BuiltIn.Parse(query is "" ? _registry.Url : $"{_registry.Url}?{_registry.Parameters}");
        return RegistryCatalog.BuiltIn.Create(address, services ?? _registry.Services);
    }

    /// <summary>Answers the token servers of Google, whose addresses are fixed, and sends the rest on.</summary>
    private sealed class TokenDetour(Uri server) : IDisposable
    {
        private readonly List<HttpMessageHandler> _handlers = [];

        public int Count { get; private set; }

        public HttpMessageHandler Create()
        {
            var handler = new Handler(this, server);
            _handlers.Add(handler);
            return handler;
        }

        public void Dispose() => _handlers.ForEach(handler => handler.Dispose());

        private sealed class Handler(TokenDetour owner, Uri server) : DelegatingHandler(Dewy.Engine.Registries.Http.RegistryHandlers.Create())
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                var form = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
                switch (request.RequestUri?.Host)
                {
                    case "oauth2.googleapis.com":
                        owner.Count++;
                        request.RequestUri = new Uri(server, "token");
                        break;
                    case "sts.googleapis.com" when form.Contains("subject-token", StringComparison.Ordinal):
                        // RFC 8693; a refresh token's grant stands for it, so that the server hands out its token.
                        owner.Count++;
                        request.RequestUri = new Uri(server, "token");
                        request.Content = new FormUrlEncodedContent([new("grant_type", "refresh_token"), new("refresh_token", "refresh-me"), new("client_secret", "secret-of-gcloud")]);
                        break;
                }

                return await base.SendAsync(request, cancellationToken);
            }
        }
    }
}
