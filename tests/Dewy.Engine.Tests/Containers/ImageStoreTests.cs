using Dewy.Engine.Tests.Registries.Oci;
using Xunit;

namespace Dewy.Engine.Tests.Containers;

/// <summary>Against a real engine and a real registry.</summary>
public sealed class ImageStoreTests : IAsyncDisposable
{
    private ContainerLab _lab = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Pull_MissingImage_ArrivesByDigestWithProgress()
    {
        _lab = await ContainerLab.OpenAsync();
        var artifact = await _lab.PublishAsync("v1.0.0");
        var images = _lab.Images();
        Assert.False(await images.ExistsAsync(artifact.Digest!, Token)); // an image always has one

        Assert.True(await images.PullAsync(artifact, "v1.0.0", Token));
        Assert.False(await images.PullAsync(artifact, "v1.0.0", Token));

        Assert.True(await images.ExistsAsync(artifact.Digest!, Token)); // the same
        Assert.Equal((artifact.Image, "v1.0.0"), (Assert.Single(_lab.Events.Of<ImagePulled>()).Image, _lab.Events.Of<ImagePulled>().First().Tag));
        var last = _lab.Events.Of<ImagePullProgressed>().Last();
        Assert.True(last.Layers >= 2);
        Assert.Equal((last.Layers, last.Total), (last.LayersDone, last.Bytes));
    }

    [Fact]
    public async Task Pull_Protected_NeedsTheCredentialsOfDockerLogin()
    {
        _lab = await ContainerLab.OpenAsync(withPassword: true);
        var artifact = await _lab.PublishAsync("v1.0.0");
        var images = _lab.Images();

        var failure = await Assert.ThrowsAsync<DewyException>(() => images.PullAsync(artifact, "v1.0.0", Token));
        _lab.Environment["DOCKER_USERNAME"] = DockerRegistry.User;
        _lab.Environment["DOCKER_PASSWORD"] = "wrong password";
        var wrong = await Assert.ThrowsAsync<DewyException>(() => images.PullAsync(artifact, "v1.0.0", Token));
        _lab.Environment["DOCKER_PASSWORD"] = DockerRegistry.Password;

        Assert.Equal((ErrorCode.RegistryUnauthorized, ErrorCode.RegistryUnauthorized), (failure.Code, wrong.Code));
        Assert.Equal(("fetch", artifact.Image), (failure.Phase, failure.Target));
        Assert.Contains("docker login", failure.NextStep, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong password", wrong.ToString(), StringComparison.Ordinal);
        Assert.True(await images.PullAsync(artifact, "v1.0.0", Token));
    }

    [Fact]
    public async Task Pull_DigestThatIsNotThere_IsNotFound()
    {
        _lab = await ContainerLab.OpenAsync();
        var artifact = await _lab.PublishAsync("v1.0.0");
        var missing = Digest.Parse("sha256:" + new string('a', 64));

        var failure = await Assert.ThrowsAsync<DewyException>(() => _lab.Images().PullAsync(artifact with { Digest = missing, Image = $"{_lab.Registry.Authority}/{ContainerLab.Repository}@{missing}" }, "v1.0.0", Token));

        Assert.Equal(ErrorCode.ImageNotFound, failure.Code);
        Assert.Contains(missing.ToString(), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_RegistryIsDown_IsUnavailable()
    {
        _lab = await ContainerLab.OpenAsync();
        var digest = Digest.Parse("sha256:" + new string('a', 64));
        var artifact = new Artifact { Name = "127.0.0.1:1/acme/web:v1", Location = new Uri("http://127.0.0.1:1/"), Digest = digest, Image = $"127.0.0.1:1/acme/web@{digest}" };

        var failure = await Assert.ThrowsAsync<DewyException>(() => _lab.Images(authority: "127.0.0.1:1").PullAsync(artifact, "v1", Token));

        Assert.Equal(ErrorCode.RegistryUnavailable, failure.Code);
        Assert.Contains("refused", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_MoreThanAreKept_RemovesTheOldestThatNobodyNeeds()
    {
        _lab = await ContainerLab.OpenAsync();
        var images = _lab.Images();
        var artifacts = new List<Artifact>();
        foreach (var tag in new[] { "v1", "v2", "v3", "v4", "v5" })
        {
            artifacts.Add(await _lab.PublishAsync(tag));
            await images.PullAsync(artifacts[^1], tag, Token);
        }

        await using var host = await _lab.OpenHostAsync();
        await host.StartAsync(ContainerLab.ReleaseOf(artifacts[1]), 0, Token); // v2 is in use
        var removed = await images.PruneAsync(new HashSet<Digest> { artifacts[0].Digest! }, keep: 1, Token); // v1 is needed

        Assert.Equal(2, removed);
        Assert.Equal(["v4", "v3"], _lab.Events.Of<ImageRemoved>().Select(gone => gone.Tag));
        var left = await Task.WhenAll(artifacts.Select(artifact => images.ExistsAsync(artifact.Digest!, Token))); // images have digests
        Assert.Equal([true, true, false, false, true], left);
    }

    [Fact]
    public async Task Prune_ImagesDewyDidNotBring_AreLeftAlone()
    {
        _lab = await ContainerLab.OpenAsync();
        var artifact = await _lab.PublishAsync("v1");
        await DockerCommand.RunAsync(Token, "pull", "--quiet", artifact.Image ?? "");

        Assert.Equal(0, await _lab.Images().PruneAsync(new HashSet<Digest>(), keep: 0, Token));

        Assert.True(await _lab.Images().ExistsAsync(artifact.Digest!, Token)); // an image always has one
    }

    [Fact]
    public async Task Prune_ImageWithAnotherName_OnlyLosesThisOne()
    {
        _lab = await ContainerLab.OpenAsync();
        var artifact = await _lab.PublishAsync("v1");
        await _lab.Images().PullAsync(artifact, "v1", Token);
        await DockerCommand.RunAsync(Token, "tag", artifact.Image ?? "", $"{_lab.Application}:mine");

        await _lab.Images().PruneAsync(new HashSet<Digest>(), keep: 0, Token);

        Assert.NotEqual("", await DockerCommand.RunAsync(Token, "images", "--quiet", $"{_lab.Application}:mine"));
    }
}
