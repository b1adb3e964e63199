using System.Security.Cryptography;
using Amazon.Runtime;
using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Http;
using Dewy.Engine.Registries.S3;
using Dewy.Engine.Releases;
using Dewy.Tests.Http;
using Dewy.Tests.S3;
using Xunit;

namespace Dewy.Engine.Tests.Registries.S3;

/// <summary>What S3 does besides the contract.</summary>
public sealed class S3RegistryTests(S3Rver server) : IAsyncLifetime
{
    private static readonly byte[] Content = [.. "123456789"u8];

    private readonly S3Fixture _registry = new(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _registry.Time.GetUtcNow();

    public ValueTask InitializeAsync() => new(_registry.StartAsync());

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task Poll_NothingNew_CostsOneRequestAPageAndOneForTheChosenRelease()
    {
        for (var minor = 0; minor < 10; minor++)
            await _registry.PutAsync($"team/app/v1.{minor}.0/app_linux_amd64.zip", Content, Now);
        await using var source = Open();
        var finder = Finder(source);
        await finder.FindNewestAsync(Token);
        _registry.Front.Forget();

        var finding = await finder.FindNewestAsync(Token);

        Assert.Equal(PollOutcome.Unchanged, finding.Outcome);
        Assert.Equal(["GET", "GET"], _registry.Front.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task ListAssets_WrittenInOnePiece_HasItsMd5()
    {
        await _registry.PutAsync("team/app/v1.0.0/app.zip", Content, Now.AddHours(-5));
        await using var source = Open();

        var asset = await SingleAssetAsync(source);

        Assert.Equal(["md5:25f9e794323b453885f5181f1b624d0b"], asset.Digests.Select(digest => digest.ToString()));
        Assert.Equal(Now.AddHours(-5), asset.ModifiedAt);
        Assert.Equal(9, asset.Size);
    }

    [Fact]
    public async Task ListAssets_ChecksumsOfTheWholeObject_AreAllItsDigests()
    {
        await _registry.PutAsync("team/app/v1.0.0/app.zip", Content, Now);
        _registry.Front.Statements["team/app/v1.0.0/app.zip"] =
        [
            ("x-amz-checksum-sha256", Convert.ToBase64String(SHA256.HashData(Content))),
            ("x-amz-checksum-crc32c", Convert.ToBase64String(Convert.FromHexString("e3069283"))),
            ("x-amz-checksum-type", "FULL_OBJECT"),
        ];
        await using var source = Open();

        var asset = await SingleAssetAsync(source);

        Assert.Equal(["sha256", "md5", "crc32c"], asset.Digests.Select(digest => digest.Algorithm));
        Assert.Equal(Digest.Sha256(SHA256.HashData(Content)), asset.Digests[0]);
    }

    [Theory]
    [InlineData("aws:kms")]
    [InlineData("aws:kms:dsse")]
    public async Task ListAssets_EncryptedWithKeysOfKms_HasNoMd5(string encryption)
    {
        await _registry.PutAsync("team/app/v1.0.0/app.zip", Content, Now);
        _registry.Front.Statements["team/app/v1.0.0/app.zip"] = [("x-amz-server-side-encryption", encryption)];
        await using var source = Open();

        Assert.Empty((await SingleAssetAsync(source)).Digests);
    }

    [Fact]
    public async Task ListAssets_ChecksumOfParts_IsNoDigest()
    {
        await _registry.PutAsync("team/app/v1.0.0/app.zip", Content, Now);
        _registry.Front.Statements["team/app/v1.0.0/app.zip"] =
        [
            ("x-amz-checksum-sha256", Convert.ToBase64String(SHA256.HashData([1])) + "-3"),
            ("x-amz-checksum-type", "COMPOSITE"),
            ("x-amz-server-side-encryption", "aws:kms"),
        ];
        await using var source = Open();

        Assert.Empty((await SingleAssetAsync(source)).Digests);
    }

    [Fact]
    public async Task ListAssets_FileReplaced_IsAskedAboutAgain()
    {
        await _registry.PutAsync("team/app/v1.0.0/app.zip", Content, Now);
        await using var source = Open();
        var before = await SingleAssetAsync(source);
        await _registry.PutAsync("team/app/v1.0.0/app.zip", [1, 2, 3], Now);

        var after = await SingleAssetAsync(source);

        Assert.NotEqual(before.Digests, after.Digests);
        Assert.Equal(2, _registry.Front.Requests.Count(request => request.Method == "HEAD"));
    }

    [Fact]
    public async Task List_NamesThatXmlCannotHold_AreReadWhereTheServerEscapesThem()
    {
        const string names = "<CommonPrefixes><Prefix>team/app/v1.0.0%01/</Prefix></CommonPrefixes><CommonPrefixes><Prefix>team/app/v1.0.0%2Bblue/</Prefix></CommonPrefixes>";
        _registry.Front.Add(new Fault.Answer(200, $"<ListBucketResult><Prefix>team/app/</Prefix><KeyCount>2</KeyCount><IsTruncated>false</IsTruncated><EncodingType>url</EncodingType>{names}</ListBucketResult>", "application/xml"));
        await using var source = Open();

        var listing = await source.ListAsync(Token);

        Assert.Equal(["v1.0.0+blue"], listing.Releases.Select(release => release.Tag));
        Assert.Contains("encoding-type=url", Assert.Single(_registry.Front.Requests).Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_SeveralPages_AreAllRead()
    {
        _registry.Front.Add(Page("<IsTruncated>true</IsTruncated><NextContinuationToken>a b+/=</NextContinuationToken><CommonPrefixes><Prefix>team/app/v1.0.0/</Prefix></CommonPrefixes>"));
        _registry.Front.Add(Page("<IsTruncated>true</IsTruncated><NextContinuationToken>c</NextContinuationToken>")); // a page may be empty
        _registry.Front.Add(Page("<IsTruncated>false</IsTruncated><CommonPrefixes><Prefix>team/app/v1.1.0/</Prefix></CommonPrefixes>"));
        await using var source = Open();

        var listing = await source.ListAsync(Token);

        Assert.Equal(["v1.0.0", "v1.1.0"], listing.Releases.Select(release => release.Tag));
        Assert.Equal([false, true, true], _registry.Front.Requests.Select(request => request.Query.Contains("continuation-token=", StringComparison.Ordinal)));
        Assert.Contains("continuation-token=a%20b%2B%2F%3D", _registry.Front.Requests.ElementAt(1).Query, StringComparison.Ordinal);

        static Fault.Answer Page(string content) => new(200, $"<ListBucketResult>{content}</ListBucketResult>", "application/xml") { Times = 1 };
    }

    [Fact]
    public async Task List_PagesWithoutAnEnd_AreMalformed()
    {
        _registry.Front.Add(new Fault.Answer(200, "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>again</NextContinuationToken></ListBucketResult>", "application/xml"));
        await using var source = Open();

        var failure = await Assert.ThrowsAsync<DewyException>(() => source.ListAsync(Token));

        Assert.Equal(ErrorCode.RegistryMalformed, failure.Code);
    }

    [Theory]
    [InlineData(403, "SignatureDoesNotMatch", ErrorCode.RegistryUnauthorized)]
    [InlineData(400, "ExpiredToken", ErrorCode.RegistryUnauthorized)]
    [InlineData(403, "RequestTimeTooSkewed", ErrorCode.RegistryUnauthorized)]
    [InlineData(301, "PermanentRedirect", ErrorCode.RegistryNotFound)]
    [InlineData(503, "ServiceUnavailable", ErrorCode.RegistryUnavailable)]
    [InlineData(400, "RequestTimeout", ErrorCode.RegistryTimeout)]
    [InlineData(400, "InvalidArgument", ErrorCode.RegistryMalformed)]
    public async Task List_ErrorOfTheService_IsSaidWithItsCode(int status, string code, ErrorCode expected)
    {
        _registry.Front.Add(new Fault.Answer(status, $"<Error><Code>{code}</Code><Message>Because.</Message></Error>", "application/xml"));
        await using var source = Open();

        var failure = await Assert.ThrowsAsync<DewyException>(() => source.ListAsync(Token));

        Assert.Equal(expected, failure.Code);
        Assert.Contains(code, failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.NextStep);
    }

    [Fact]
    public async Task List_UnknownKey_IsUnauthorized()
    {
        await _registry.PutAsync("team/app/v1.0.0/app.zip", Content, Now);
        var environment = new Dictionary<string, string> { ["AWS_ACCESS_KEY_ID"] = "UNKNOWN", ["AWS_SECRET_ACCESS_KEY"] = "wrong-secret" };
        await using var source = Open(_registry.Services with { Environment = environment });

        var failure = await Assert.ThrowsAsync<DewyException>(() => source.ListAsync(Token));

        Assert.Equal(ErrorCode.RegistryUnauthorized, failure.Code);
        Assert.DoesNotContain("wrong-secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_NoSuchBucket_IsNotFound()
    {
        var address = RegistryCatalog.BuiltIn.Parse($"s3://eu-west-1/no-such-bucket/app?{_registry.Parameters}");
        await using var source = RegistryCatalog.BuiltIn.Create(address, _registry.Services);

        Assert.Equal(ErrorCode.RegistryNotFound, (await Assert.ThrowsAsync<DewyException>(() => source.ListAsync(Token))).Code);
    }

    [Fact]
    public async Task List_NoCredentialsAnywhere_SaysSo()
    {
        var address = S3Address.Read(RegistryCatalog.BuiltIn.Parse($"{_registry.Url}?{_registry.Parameters}"), _ => null);
        await using var store = new S3BucketStore(address, _registry.Services, new HttpCallText { Subject = "the bucket", Target = "the bucket" }, new NoCredentials());

        var failure = await Assert.ThrowsAsync<DewyException>(() => store.ListPrefixesAsync("", Token));

        Assert.Equal(ErrorCode.RegistryUnauthorized, failure.Code);
        Assert.Contains("credentials", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AWS_ENDPOINT_URL")]
    [InlineData("AWS_ENDPOINT_URL_S3")]
    public async Task Endpoint_FromTheEnvironment_IsUsed(string variable)
    {
        await _registry.PutAsync("team/app/v1.0.0/app_linux_amd64.zip", Content, Now);
        var environment = new Dictionary<string, string>(_registry.Environment) { [variable] = _registry.Front.Address.AbsoluteUri };
        var source = RegistryCatalog.BuiltIn.Create(RegistryCatalog.BuiltIn.Parse(_registry.Url), _registry.Services with { Environment = environment });
        await using (source)
            Assert.Equal("v1.0.0", (await Finder(source).FindNewestAsync(Token)).Release.Tag);
    }

    [Theory]
    [InlineData("s3:///bucket/app")]
    [InlineData("s3://eu-west-1")]
    [InlineData("s3://eu-west-1/")]
    [InlineData("s3://eu-west-1/bucket/../other")]
    [InlineData("s3://eu-west-1/bucket/a//b")]
    [InlineData("s3://eu-west-1/bucket/app?endpoint=minio:9000")]
    [InlineData("s3://eu-west-1/bucket/app?registry-ttl=30s")]
    public void Address_Bad_IsRefused(string url)
    {
        var failure = Assert.Throws<DewyException>(() => RegistryCatalog.BuiltIn.Parse(url));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
    }

    [Fact]
    public void Address_RegionParameter_BeatsTheFirstPart()
    {
        var address = S3Address.Read(RegistryCatalog.BuiltIn.Parse("s3://here/bucket/a/b/?region=us-east-2"), _ => null);

        Assert.Equal("us-east-2", address.Region);
        Assert.Equal("a/b/", address.Place.Prefix);
    }

    private static ReleaseFinder Finder(IReleaseSource source) =>
        new(source, new ReleaseCriteria(), HostPlatform.Parse("linux/amd64"), TimeProvider.System, "app");

    private static async Task<ReleaseAsset> SingleAssetAsync(IReleaseSource source) =>
        Assert.Single(await source.ListAssetsAsync(new ReleaseCandidate { Tag = "v1.0.0" }, Token));

    private IReleaseSource Open(RegistryServices? services = null) =>
        RegistryCatalog.BuiltIn.Create(RegistryCatalog.BuiltIn.Parse($"{_registry.Url}?{_registry.Parameters}"), services ?? _registry.Services);

    /// <summary>Fails as the SDK's chain does when it comes to its end.</summary>
    private sealed class NoCredentials : AWSCredentials
    {
        public override ImmutableCredentials GetCredentials() => throw new AmazonClientException("Failed to resolve AWS credentials. The credential providers used to search for credentials returned the following errors");

        public override Task<ImmutableCredentials> GetCredentialsAsync() => throw new AmazonClientException("Failed to resolve AWS credentials. The credential providers used to search for credentials returned the following errors");
    }
}
