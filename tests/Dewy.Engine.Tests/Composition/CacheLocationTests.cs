using Dewy.Engine.Composition;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Composition;

public sealed class CacheLocationTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Bind_BucketOfS3_IsSharedAndStagedInTheRoot()
    {
        var options = Bind("s3://eu-west-1/fleet/cache?registry-ttl=90s&endpoint=http://minio:9000").Artifacts;

        Assert.Null(options.CacheDirectory);
        Assert.Equal("fleet/cache", options.SharedCache?.Address.Path);
        Assert.Equal(TimeSpan.FromSeconds(90), options.SharedCache?.RegistryTtl);
    }

    [Fact]
    public void Bind_BucketOfGoogle_SharesArtifactsAlone()
    {
        var options = Bind("gs://fleet").Artifacts;

        Assert.NotNull(options.SharedCache);
        Assert.Null(options.SharedCache.RegistryTtl);
    }

    [Theory]
    [InlineData("s3://eu-west-1/fleet?artifact=x", "endpoint, region, registry-ttl")]
    [InlineData("gs://fleet?region=x", "endpoint, registry-ttl")]
    [InlineData("s3://eu-west-1", "names no bucket")]
    [InlineData("s3://eu-west-1/fleet?registry-ttl=soon", "such as 30s")]
    [InlineData("s3://eu-west-1/fleet?registry-ttl=10ms", "such as 30s")]
    [InlineData("s3://eu-west-1/fleet?registry-ttl=2d", "such as 30s")]
    [InlineData("http://example.com/cache", "s3://<region>/<bucket>/<prefix>, gs://<bucket>/<prefix>")]
    public void Bind_NoCache_SaysWhatWouldBeOne(string url, string expected)
    {
        var failure = Assert.Throws<DewyException>(() => Bind(url));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.Equal("--cache", failure.Target);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_TtlWithARegistryThatChoosesForTheHost_IsRefused()
    {
        var failure = Assert.Throws<DewyException>(() => Bind("gs://fleet?registry-ttl=30s", "grpc://registry.example.com:9000"));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.Contains("registry-ttl", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(Bind("gs://fleet", "grpc://registry.example.com:9000").Artifacts.SharedCache);
    }

    private ApplicationOptions Bind(string cache, string registry = "ghr://acme/app") =>
        ApplicationOptionsBinder.Bind(
            new OptionSet().Add("mode", "assets").Add("registry", registry).Add("root", _directory.Path).Add("cache", cache),
            _directory.Path,
            new Dictionary<string, string>());
}
