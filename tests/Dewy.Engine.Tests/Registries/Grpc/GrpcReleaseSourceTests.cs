using Dewy.Engine.Registries;
using Dewy.Engine.Releases;
using Dewy.Tests.Grpc.Wire;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Grpc;

public sealed class GrpcReleaseSourceTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Find_TellsItsPlatformAsGoDoesAndTheArtifactAskedFor()
    {
        await using var registry = await new GrpcRegistry { Platform = HostPlatform.Parse("macos/arm64") }.StartAsync();
        registry.Publish("v1.0.0");

        await registry.Finder().FindNewestAsync(Token);
        await registry.Finder("no-tls=true&artifact=tool.zip").FindNewestAsync(Token);

        Assert.Equal(
            [
                new CurrentRequest { Arch = "arm64", Os = "darwin" },
                new CurrentRequest { Arch = "arm64", Os = "darwin", ArifactName = "tool.zip" },
            ],
            registry.Service.Questions);
    }

    [Fact]
    public async Task Find_AReleaseIsNamed_TakesItAsItIs()
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Publish("v2.0.0-rc.1+blue", "odd name for windows (größe).zip", registry.Now.AddHours(-3));

        var finding = await registry.Finder().FindNewestAsync(Token);

        Assert.Equal("v2.0.0-rc.1+blue", finding.Release.Tag);
        Assert.Equal("1", finding.Release.Id);
        Assert.Equal("blue", finding.Release.Slot);
        Assert.Equal(TimeSpan.FromHours(3), finding.Age);
        Assert.Equal("odd name for windows (größe).zip", finding.Release.Artifact?.Name);
    }

    [Fact]
    public async Task Find_NothingNew_CostsOneCallAndNothingElse()
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Publish("v1.0.0", at: registry.Now);
        var finder = registry.Finder();
        await finder.FindNewestAsync(Token);
        registry.Service.Forget();
        registry.Files.Forget();

        var finding = await finder.FindNewestAsync(Token);

        Assert.Equal(PollOutcome.Unchanged, finding.Outcome);
        Assert.Single(registry.Service.Requests);
        Assert.Empty(registry.Files.Requests);
    }

    [Fact]
    public async Task Find_EachCall_CarriesItsDeadline()
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        var left = TimeSpan.Zero;
        registry.Service.OnCurrent = (_, context) =>
        {
            left = context.Deadline - TimeProvider.System.GetUtcNow().UtcDateTime;
            return new CurrentResponse { Tag = "v1.0.0" };
        };

        await registry.Finder().FindNewestAsync(Token);

        Assert.InRange(left, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(31));
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(40, false)]
    [InlineData(null, false)]
    public async Task Find_NoUrlYet_IsForgivenWhileTheReleaseIsKnownToBeYoung(int? minutesAgo, bool forgiven)
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Service.Publish("v1.0.0", "", minutesAgo is { } minutes ? registry.Now.AddMinutes(-minutes) : null);

        var finding = await registry.Finder().FindNewestAsync(Token);

        Assert.NotNull(finding.MissingBecause);
        Assert.Equal(forgiven, finding.WithinGrace(Grace));
    }

    [Fact]
    public async Task Find_UrlComesLater_IsFoundThen()
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Service.Publish("v1.0.0", "", registry.Now);
        var finder = registry.Finder();
        await finder.FindNewestAsync(Token);

        registry.Publish("v1.0.0", at: registry.Now);

        Assert.Equal("app_linux_amd64.tar.gz", (await finder.FindNewestAsync(Token)).Asset?.Name);
    }

    [Fact]
    public async Task Find_TagIsNoVersion_SaysWhichVersionsCount()
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Publish("nightly");

        var failure = await Assert.ThrowsAsync<DewyException>(() => registry.Finder().FindNewestAsync(Token));

        Assert.Equal(ErrorCode.NoMatchingVersion, failure.Code);
        Assert.Contains("nightly", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_NotFound_IsNoMatchingVersionWithTheServicesWords()
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Service.Fail(StatusCode.NotFound, "nothing for linux/amd64 yet");

        var failure = await Assert.ThrowsAsync<DewyException>(() => registry.Finder().FindNewestAsync(Token));

        Assert.Equal(ErrorCode.NoMatchingVersion, failure.Code);
        Assert.Contains("nothing for linux/amd64 yet", failure.Message, StringComparison.Ordinal);
        Assert.Contains("linux/amd64", failure.NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no tag")]
    [InlineData("control characters")]
    [InlineData("time of creation")]
    [InlineData("too long")]
    [InlineData("maximum")]
    public async Task Find_AnswerIsNonsense_IsMalformed(string hint)
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Service.OnCurrent = (_, _) => hint switch
        {
            "no tag" => new CurrentResponse { ArtifactUrl = "https://example.test/app.zip" },
            "control characters" => new CurrentResponse { Tag = "v1.0.0\u001b[2J" },
            "time of creation" => new CurrentResponse { Tag = "v1.0.0", CreatedAt = new Timestamp { Seconds = long.MaxValue } },
            "too long" => new CurrentResponse { Tag = new string('1', 1000) },
            _ => new CurrentResponse { Tag = "v1.0.0", ArtifactUrl = new string('x', 100_000) },
        };

        var failure = await Assert.ThrowsAsync<DewyException>(() => registry.Finder().FindNewestAsync(Token));

        Assert.Equal(ErrorCode.RegistryMalformed, failure.Code);
        Assert.Contains(hint, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', failure.Message);
        Assert.NotNull(failure.NextStep);
    }

    [Fact]
    public async Task Report_SendsIdTagAndCommandAndNoError()
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Publish("v1.0.0");
        var (source, finder) = registry.Open();
        var release = (await finder.FindNewestAsync(Token)).Release;

        await source.ReportAsync(new ShippingReport { Release = release, Command = "server", Host = "web-1", At = registry.Now }, Token);

        Assert.Equal([new ReportRequest { Id = "1", Tag = "v1.0.0", Command = "server" }], registry.Service.Reports);
        Assert.False(registry.Service.Reports.Single().HasErr);
    }

    [Fact]
    public async Task Report_ServiceTakesNone_SaysSo()
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Publish("v1.0.0");
        registry.Service.OnReport = _ => throw new RpcException(new Status(StatusCode.Unimplemented, "no reports here"));
        var (source, finder) = registry.Open();
        var release = (await finder.FindNewestAsync(Token)).Release;

        var failure = await Assert.ThrowsAsync<DewyException>(
            () => source.ReportAsync(new ShippingReport { Release = release, Command = "server", Host = "web-1", At = registry.Now }, Token));

        Assert.Equal((ErrorCode.ReportFailed, "record"), (failure.Code, failure.Phase));
        Assert.Contains("no reports here", failure.Message, StringComparison.Ordinal);
    }
}
