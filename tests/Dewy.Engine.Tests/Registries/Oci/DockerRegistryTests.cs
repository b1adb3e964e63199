using System.Text;
using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Oci;
using Dewy.Engine.Releases;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Oci;

/// <summary>Against the real registry.</summary>
public sealed class DockerRegistryTests : IAsyncLifetime
{
    private const string Repository = "acme/web-app";
    private readonly DockerRegistry _registry = new();
    private readonly TemporaryDirectory _home = new();
    private OciReleaseSource? _source;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
            await _source.DisposeAsync();
        await _registry.DisposeAsync();
        _home.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Find_ImageAndIndex_AreFoundAndFollowedWhenTheyMove(bool docker)
    {
        await _registry.StartAsync(withPassword: false, Token);
        var created = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        await _registry.PushAsync(Repository, "v1.0.0", TestImage.Of(docker: docker), Token);
        await _registry.PushAsync(Repository, "latest", TestImage.Of(docker: docker), Token);
        var finder = Finder();
        Assert.Equal("v1.0.0", (await finder.FindNewestAsync(Token)).Release.Tag);

        var index = TestImage.Index(docker, [("linux/amd64", TestImage.Of(created: created, docker: docker)), ("linux/arm64", TestImage.Of("linux/arm64", docker: docker))]);
        await _registry.PushAsync(Repository, "v1.1.0", index, Token);
        var second = (await finder.FindNewestAsync(Token)).Release;
        var moved = TestImage.Of(marker: "moved", docker: docker);
        await _registry.PushAsync(Repository, "v1.1.0", moved, Token);
        var third = await finder.FindNewestAsync(Token);

        Assert.Equal(($"{_registry.Authority}/{Repository}@{index.Digest}", created), (second.Artifact?.Image, second.CreatedAt));
        Assert.Equal((PollOutcome.Changed, $"{_registry.Authority}/{Repository}@{moved.Digest}"), (third.Outcome, third.Release.Artifact?.Image));
    }

    [Fact]
    public async Task Find_PlatformThatIsNotThere_IsMissing()
    {
        await _registry.StartAsync(withPassword: false, Token);
        await _registry.PushAsync(Repository, "v1.0.0", TestImage.Index([("linux/arm64", TestImage.Of("linux/arm64"))]), Token);

        Assert.Contains("linux/arm64", (await Finder().FindNewestAsync(Token)).MissingBecause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_MoreThanAThousandTags_FindsTheNewest()
    {
        await _registry.StartAsync(withPassword: false, Token);
        var image = TestImage.Of();
        await _registry.PushAsync(Repository, "v1.0.0", image, Token);
        await Parallel.ForAsync(1, 1010, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token }, async (minor, token) =>
            await _registry.PutManifestAsync(Repository, $"v1.{minor}.0", image, token));

        Assert.Equal("v1.1009.0", (await Finder().FindNewestAsync(Token)).Release.Tag);
    }

    [Fact]
    public async Task Find_SlotBehindAnUnderscore_IsFound()
    {
        await _registry.StartAsync(withPassword: false, Token);
        await _registry.PushAsync(Repository, "v1.0.0_blue", TestImage.Of(), Token);
        await _registry.PushAsync(Repository, "v1.1.0_green", TestImage.Of(), Token);

        var release = (await Finder("blue").FindNewestAsync(Token)).Release;

        Assert.Equal(("v1.0.0_blue", "1.0.0", "blue"), (release.Tag, release.Version, release.Slot));
    }

    [Fact]
    public async Task Find_NoSuchRepository_IsRegistryNotFound()
    {
        await _registry.StartAsync(withPassword: false, Token);

        var failure = await Assert.ThrowsAsync<DewyException>(() => Finder().FindNewestAsync(Token));

        Assert.Equal((ErrorCode.RegistryNotFound, $"img://{_registry.Authority}/{Repository}"), (failure.Code, failure.Target));
        Assert.Contains("repository name not known to registry", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_WithPassword_TakesTheOneOfDockerLogin()
    {
        await _registry.StartAsync(withPassword: true, Token);
        await _registry.PushAsync(Repository, "v1.0.0", TestImage.Of(), Token);
        var finder = Finder();
        Assert.Equal(ErrorCode.RegistryUnauthorized, (await Assert.ThrowsAsync<DewyException>(() => finder.FindNewestAsync(Token))).Code);

        var auth = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{DockerRegistry.User}:{DockerRegistry.Password}"));
        Directory.CreateDirectory(_home.Combine(".docker"));
        await File.WriteAllTextAsync(_home.Combine(".docker", "config.json"), $$$"""{"auths":{"{{{_registry.Authority}}}":{"auth":"{{{auth}}}"} } }""", Token);

        Assert.Equal("v1.0.0", (await finder.FindNewestAsync(Token)).Release.Tag); // the same agent, without a restart
    }

    private ReleaseFinder Finder(string? slot = null)
    {
        var address = RegistryAddress.Parse($"img://{_registry.Authority}/{Repository}");
        var services = new RegistryServices
        {
            TimeProvider = TimeProvider.System,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = _home.Path, ["USERPROFILE"] = _home.Path },
            Platform = HostPlatform.Parse("linux/amd64"),
        };
        _source = (OciReleaseSource)RegistryCatalog.BuiltIn.Create(address, services);
        return new ReleaseFinder(_source, address.ToCriteria(slot), services.Platform, TimeProvider.System);
    }
}
