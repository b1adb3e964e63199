using Dewy.Engine.Registries;
using Dewy.Engine.Releases;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Registries;

public sealed class ReleaseFinderTests
{
    private const string LinuxFile = "app_linux_amd64.tar.gz";
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ListedReleaseSource _source = new();
    private readonly FakeTimeProvider _time = new(Now);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FindNewestAsync_ReleaseWithArtifact_HasEverythingToFetchIt()
    {
        var digest = Digest.Parse("sha256:" + new string('a', 64));
        var file = new ReleaseAsset { Name = LinuxFile, Location = new Uri("https://example.test/file"), Size = 7, Digests = [digest] };
        _source.Add("v1.0.0", LinuxFile);
        _source.Replace(_source.Add("v1.1.0-rc.1+blue") with { Id = "42", CreatedAt = Now.AddHours(-1), Assets = [file, file with { Name = LinuxFile + ".sha256" }] });

        var finding = await Finder(new ReleaseCriteria { PreRelease = true }).FindNewestAsync(Cancellation);

        Assert.Equal(
            new Release
            {
                Registry = "list://releases", Tag = "v1.1.0-rc.1+blue", Version = "1.1.0-rc.1", Slot = "blue", IsPreRelease = true, Id = "42",
                CreatedAt = Now.AddHours(-1), IsNewest = true,
                Artifact = new Artifact { Name = LinuxFile, Location = file.Location, Size = 7, Digest = digest },
            },
            finding.Release);
        Assert.Equal(((string?)null, 2, file, TimeSpan.FromHours(1)), (finding.MissingBecause, finding.Assets.Count, finding.Asset, finding.Age));
        Assert.False(finding.WithinGrace(TimeSpan.FromDays(1)));
    }

    [Fact]
    public async Task FindNewestAsync_ListingWithoutAssets_AsksForThoseOfTheNewestOnly()
    {
        _source.AssetsInListing = false;
        _source.Add("v1.0.0", LinuxFile);
        _source.Add("v1.1.0", LinuxFile);

        Assert.Equal("v1.1.0", (await Finder().FindNewestAsync(Cancellation)).Release.Tag);
        Assert.Equal(["v1.1.0"], _source.AskedForAssetsOf);
    }

    [Fact]
    public async Task FindNewestAsync_TagsOfOneVersionAndListingWithoutAges_TakesTheYoungest()
    {
        _source.AssetsInListing = false;
        Publish("v0.9.0", Now);
        Publish("v1.0.0", Now.AddHours(-2));
        Publish("1.0.0", Now.AddHours(-1));
        Publish("1.0.0+1", Now.AddHours(-3));

        Assert.Equal("1.0.0", (await Finder().FindNewestAsync(Cancellation)).Release.Tag);
        Assert.True((await Finder().FindAsync("1.0.0", Cancellation)).Release.IsNewest);
        Assert.False((await Finder().FindAsync("v1.0.0", Cancellation)).Release.IsNewest);
        Assert.Equal("1.0.0", (await Finder().ListAsync(all: true, Cancellation))[0].Tag);
        Assert.DoesNotContain("v0.9.0", _source.AskedForAssetsOf);

        void Publish(string tag, DateTimeOffset at) => _source.Replace(_source.Add(tag) with
        {
            Assets = [new ReleaseAsset { Name = LinuxFile, Location = new Uri("https://example.test/file"), ModifiedAt = at }],
        });
    }

    [Fact]
    public async Task FindNewestAsync_TagsOfOneVersionAndNoAgesAtAll_AsksAboutThemOnce()
    {
        _source.AssetsInListing = false;
        _source.Add("v1.0.0", LinuxFile);
        _source.Add("1.0.0", LinuxFile);
        var finder = Finder();

        Assert.Equal("v1.0.0", (await finder.FindNewestAsync(Cancellation)).Release.Tag);
        Assert.Equal("v1.0.0", (await finder.FindNewestAsync(Cancellation)).Release.Tag);

        Assert.Equal(["v1.0.0", "1.0.0", "v1.0.0"], _source.AskedForAssetsOf);
    }

    [Fact]
    public async Task FindNewestAsync_NoArtifactYet_IsWithinGraceWhileYoung()
    {
        _source.Replace(_source.Add("v1.0.0", "app_windows_amd64.zip") with { CreatedAt = Now });

        var young = await Finder().FindNewestAsync(Cancellation);
        _time.Advance(TimeSpan.FromMinutes(30));
        var old = await Finder().FindNewestAsync(Cancellation);

        Assert.Null(young.Release.Artifact);
        Assert.Contains("app_windows_amd64.zip", young.MissingBecause, StringComparison.Ordinal);
        Assert.Contains("linux/amd64", young.MissingBecause, StringComparison.Ordinal);
        Assert.True(young.WithinGrace(TimeSpan.FromMinutes(30)));
        Assert.False(old.WithinGrace(TimeSpan.FromMinutes(30)));
        Assert.Equal((ErrorCode.ArtifactNotFound, old.MissingBecause), (old.ToException().Code, old.ToException().Message));
    }

    [Fact]
    public async Task FindNewestAsync_ReleaseOfUnknownAge_IsNeverWithinGrace()
    {
        _source.Add("v1.0.0");

        Assert.False((await Finder().FindNewestAsync(Cancellation)).WithinGrace(TimeSpan.FromDays(365)));
    }

    [Fact]
    public async Task FindNewestAsync_ReleaseFromTheFuture_IsWithinGrace()
    {
        _source.Replace(_source.Add("v1.0.0") with { CreatedAt = Now.AddHours(1) });

        Assert.True((await Finder().FindNewestAsync(Cancellation)).WithinGrace(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task FindNewestAsync_ArtifactStillUploading_IsMissing()
    {
        var uploading = new ReleaseAsset { Name = LinuxFile, Location = new Uri("https://example.test/file"), Complete = false };
        _source.Replace(_source.Add("v1.0.0") with { CreatedAt = Now, Assets = [uploading] });

        var finding = await Finder().FindNewestAsync(Cancellation);

        Assert.Null(finding.Asset);
        Assert.Contains("uploaded", finding.MissingBecause, StringComparison.Ordinal);
        Assert.True(finding.WithinGrace(TimeSpan.FromMinutes(30)));
    }

    [Fact]
    public async Task FindNewestAsync_SeveralArtifacts_IsAmbiguousAndListsThem()
    {
        _source.Add("v1.0.0", "server_linux_amd64.tar.gz", "client_linux_amd64.tar.gz");

        var failure = await Assert.ThrowsAsync<DewyException>(() => Finder().FindNewestAsync(Cancellation));

        Assert.Equal(ErrorCode.ArtifactAmbiguous, failure.Code);
        Assert.Contains("client_linux_amd64.tar.gz, server_linux_amd64.tar.gz", failure.Message, StringComparison.Ordinal);
        Assert.Contains("artifact=", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindNewestAsync_NothingMatches_TellsWhatWasSeenAndWhy()
    {
        foreach (var tag in new[] { "nightly", "latest", "v2.0.0-rc.1", "v1.0.0+green", "v1.0.0" })
            _source.Add(tag);

        var failure = await Assert.ThrowsAsync<DewyException>(() => Finder(new ReleaseCriteria { Slot = "blue" }).FindNewestAsync(Cancellation));

        Assert.Equal((ErrorCode.NoMatchingVersion, "list://releases"), (failure.Code, failure.Target));
        Assert.Equal("No release in list://releases matches; 5 seen: 2 not a SemVer version such as v1.2.3 ('latest'), 2 not in the slot 'blue' ('v1.0.0'), 1 pre-release ('v2.0.0-rc.1').", failure.Message);
        Assert.Contains("--slot", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindNewestAsync_EmptyRegistry_SaysSo()
    {
        var failure = await Assert.ThrowsAsync<DewyException>(() => Finder().FindNewestAsync(Cancellation));

        Assert.Equal((ErrorCode.NoMatchingVersion, "list://releases has no releases."), (failure.Code, failure.Message));
    }

    [Fact]
    public async Task FindNewestAsync_AnswersInTurn_TellsWhatEachWasWorth()
    {
        var finder = Finder();
        var file = new ReleaseAsset { Name = LinuxFile, Location = new Uri("https://example.test/file"), ModifiedAt = Now };
        _source.Replace(_source.Add("v1.0.0") with { CreatedAt = Now, Assets = [file] });

        Assert.Equal(PollOutcome.Changed, (await finder.FindNewestAsync(Cancellation)).Outcome);
        Assert.Equal(PollOutcome.Unchanged, (await finder.FindNewestAsync(Cancellation)).Outcome);
        _source.Replace(new ReleaseCandidate { Tag = "v1.0.0", CreatedAt = Now, Assets = [file with { ModifiedAt = Now.AddHours(1) }] });
        Assert.Equal(PollOutcome.Changed, (await finder.FindNewestAsync(Cancellation)).Outcome);
        _source.Add("v1.1.0", LinuxFile);
        Assert.Equal(PollOutcome.Changed, (await finder.FindNewestAsync(Cancellation)).Outcome);
    }

    [Fact]
    public async Task FindNewestAsync_NotModified_ReusesTheLastAnswer()
    {
        _source.AssetsInListing = false;
        _source.Add("v1.0.0", LinuxFile);
        var finder = Finder();
        var first = await finder.FindNewestAsync(Cancellation);
        _source.NotModified = true;
        _time.Advance(TimeSpan.FromMinutes(1));

        var second = await finder.FindNewestAsync(Cancellation);

        Assert.Equal((PollOutcome.NotModified, Now.AddMinutes(1), first.Asset), (second.Outcome, second.FoundAt, second.Asset));
        Assert.Single(_source.AskedForAssetsOf);
    }

    [Fact]
    public async Task FindNewestAsync_NotModifiedAfterAFailure_DoesNotBringAnOlderAnswerBack()
    {
        _source.Add("v1.0.0", LinuxFile);
        var finder = Finder();
        await finder.FindNewestAsync(Cancellation);
        _source.Clear();
        await Assert.ThrowsAsync<DewyException>(() => finder.FindNewestAsync(Cancellation));
        _source.NotModified = true;

        await Assert.ThrowsAsync<DewyException>(() => finder.FindNewestAsync(Cancellation));
    }

    [Fact]
    public async Task FindNewestAsync_RegistryChoseTheFile_ItsNameIsNotJudged()
    {
        var chosen = new ReleaseAsset { Name = "whatever", Location = new Uri("https://example.test/file"), ChosenByRegistry = true };
        _source.Replace(_source.Add("v1.0.0") with { Assets = [chosen] });

        Assert.Equal("whatever", (await Finder().FindNewestAsync(Cancellation)).Asset?.Name);
    }

    [Fact]
    public async Task FindNewestAsync_SlotAfterUnderscore_CountsWhereTheRegistrySaysSo()
    {
        _source.Add("1.0.0_blue", LinuxFile);
        _source.SlotMayFollowUnderscore = true;

        var release = (await Finder(new ReleaseCriteria { Slot = "blue" }).FindNewestAsync(Cancellation)).Release;

        Assert.Equal(("1.0.0_blue", "1.0.0", "blue"), (release.Tag, release.Version, release.Slot));
    }

    [Fact]
    public async Task FindAsync_Tag_IsFoundWhateverTheCriteria()
    {
        _source.Add("v1.0.0", LinuxFile);
        _source.Add("nightly", LinuxFile);
        var finder = Finder(new ReleaseCriteria { Constraint = "^1" });

        var nightly = (await finder.FindAsync("nightly", Cancellation)).Release;

        Assert.Equal(("nightly", false, LinuxFile), (nightly.Version, nightly.IsNewest, nightly.Artifact?.Name));
        Assert.True((await finder.FindAsync("v1.0.0", Cancellation)).Release.IsNewest);
    }

    [Fact]
    public async Task FindAsync_NoSuchTag_IsReleaseNotFound() =>
        Assert.Equal(ErrorCode.ReleaseNotFound, (await Assert.ThrowsAsync<DewyException>(() => Finder().FindAsync("v1.0.0", Cancellation))).Code);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ListAsync_All_IsNewestFirstWithTheArtifactsThatAreKnown(bool assetsInListing)
    {
        _source.AssetsInListing = assetsInListing;
        _source.Add("v1.0.0", LinuxFile);
        _source.Add("v1.1.0", LinuxFile);
        _source.Add("nightly", LinuxFile);

        var releases = await Finder().ListAsync(all: true, Cancellation);

        Assert.Equal([("v1.1.0", true, true), ("v1.0.0", false, assetsInListing)], releases.Select(release => (release.Tag, release.IsNewest, release.Artifact is not null)));
    }

    [Fact]
    public async Task ListAsync_NewestOnly_IsOneRelease()
    {
        _source.Add("v1.0.0", LinuxFile);
        _source.Add("v1.1.0", LinuxFile);

        Assert.Equal("v1.1.0", Assert.Single(await Finder().ListAsync(all: false, Cancellation)).Tag);
    }

    [Fact]
    public async Task ListAsync_AllOfNothing_IsEmpty() => Assert.Empty(await Finder().ListAsync(all: true, Cancellation));

    private ReleaseFinder Finder(ReleaseCriteria? criteria = null) => new(_source, criteria ?? new ReleaseCriteria(), HostPlatform.Parse("linux/amd64"), _time);
}
