using System.Security.Cryptography;
using Dewy.Engine.Registries;
using Dewy.Engine.Releases;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Support;

/// <summary>What every registry does alike. A kind of registry derives from it and supplies the registry.</summary>
public abstract class ReleaseSourceContract : IAsyncLifetime
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(30);

    private static readonly HostPlatform Host = HostPlatform.Parse("linux/amd64");

    private readonly List<IReleaseSource> _sources = [];
    private RegistryFixture? _fixture;

    private protected RegistryFixture Registry => _fixture ?? throw new InvalidOperationException("Not started.");

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected DateTimeOffset Now => Registry.Time.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        _fixture = CreateRegistry();
        await _fixture.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources)
            await source.DisposeAsync();
        await Registry.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Find_SeveralVersions_FindsTheNewestWithItsArtifact()
    {
        await PublishAsync("v1.9.0", hoursAgo: 1);
        if (Registry.Traits.HasFlag(RegistryTraits.ListsReleases))
            await PublishAsync("v1.2.0", hoursAgo: 0);
        await PublishAsync("v1.10.0", hoursAgo: 2);

        var finding = await FindAsync();

        Assert.Equal("v1.10.0", finding.Release.Tag);
        Assert.Null(finding.MissingBecause);
        Assert.Equal(PollOutcome.Changed, finding.Outcome);
        if (Registry.Traits.HasFlag(RegistryTraits.HasFiles))
            Assert.Equal(PublishedFile.ForLinux.Name, finding.Release.Artifact?.Name);
        if (Registry.Traits.HasFlag(RegistryTraits.TellsAge))
            Assert.Equal(TimeSpan.FromHours(2), finding.Age);
    }

    [Fact]
    public async Task Find_NewestIsAPreRelease_FindsItOnlyWhereAllowed()
    {
        Needs(RegistryTraits.ListsReleases | RegistryTraits.Criteria);
        await PublishAsync("v1.0.0");
        await PublishAsync("v2.0.0-rc.1");

        Assert.Equal("v1.0.0", (await FindAsync()).Release.Tag);
        Assert.Equal("v2.0.0-rc.1", (await FindAsync("pre-release=true")).Release.Tag);
    }

    [Fact]
    public async Task Find_SlotAskedFor_FindsTheNewestOfTheSlot()
    {
        Needs(RegistryTraits.ListsReleases);
        await PublishAsync(Registry.TagInSlot("v1.0.0", "blue"));
        await PublishAsync(Registry.TagInSlot("v1.1.0", "green"));
        await PublishAsync("v1.2.0");

        Assert.Equal(Registry.TagInSlot("v1.0.0", "blue"), (await FindAsync(slot: "blue")).Release.Tag);
    }

    [Fact]
    public async Task Find_Constraint_FindsTheNewestInside()
    {
        Needs(RegistryTraits.ListsReleases | RegistryTraits.Criteria);
        await PublishAsync("v1.4.0");
        await PublishAsync("v1.4.7");
        await PublishAsync("v1.5.0");

        Assert.Equal("v1.4.7", (await FindAsync("constraint=~1.4")).Release.Tag);
    }

    [Fact]
    public async Task Find_CalendarVersions_FindsTheLatestDate()
    {
        await PublishAsync("2026.1.5");
        await PublishAsync("2026.2.0");

        Assert.Equal("2026.2.0", (await FindAsync("calver=YYYY.MM.MICRO")).Release.Tag);
    }

    [Fact]
    public async Task Find_NothingMatches_SaysWhatWasSeen()
    {
        Needs(RegistryTraits.ListsReleases);
        await PublishAsync("nightly");
        await PublishAsync("v2.0.0-rc.1");

        var failure = await FailsAsync(() => FindAsync());

        Assert.Equal(ErrorCode.NoMatchingVersion, failure.Code);
        Assert.Contains("nightly", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(40, false)]
    public async Task Find_NoArtifactForThisHost_IsForgivenWithinTheGracePeriod(int minutesAgo, bool forgiven)
    {
        Needs(RegistryTraits.FilesComeLater | RegistryTraits.TellsAge);
        await Registry.PublishAsync("v1.0.0", Now.AddMinutes(-minutesAgo), new PublishedFile("app_windows_amd64.zip", [1]));

        var finding = await FindAsync();

        Assert.Contains("app_windows_amd64.zip", finding.MissingBecause, StringComparison.Ordinal);
        Assert.Equal(forgiven, finding.WithinGrace(Grace));
    }

    [Fact]
    public async Task Find_ArtifactComesLater_IsFoundThen()
    {
        Needs(RegistryTraits.FilesComeLater);
        await Registry.PublishAsync("v1.0.0", Now.AddMinutes(-10));
        var finder = Finder();
        Assert.NotNull((await finder.FindNewestAsync(Token)).MissingBecause);

        await Registry.PublishAsync("v1.0.0", Now, PublishedFile.ForLinux);

        Assert.Equal(PublishedFile.ForLinux.Name, (await finder.FindNewestAsync(Token)).Asset?.Name);
    }

    [Fact]
    public async Task Find_TwoEquallyGoodArtifacts_ListsThem()
    {
        Needs(RegistryTraits.HasFiles | RegistryTraits.ListsReleases);
        await Registry.PublishAsync("v1.0.0", Now, new PublishedFile("one_linux_amd64.tar.gz", [1]), new PublishedFile("two_linux_amd64.tar.gz", [2]));

        var failure = await FailsAsync(() => FindAsync());

        Assert.Equal(ErrorCode.ArtifactAmbiguous, failure.Code);
        Assert.Contains("one_linux_amd64.tar.gz", failure.Message, StringComparison.Ordinal);
        Assert.Contains("two_linux_amd64.tar.gz", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RegistryFault.Missing, ErrorCode.RegistryNotFound)]
    [InlineData(RegistryFault.Unauthorized, ErrorCode.RegistryUnauthorized)]
    [InlineData(RegistryFault.RateLimited, ErrorCode.RegistryRateLimited)]
    [InlineData(RegistryFault.OutOfOrder, ErrorCode.RegistryUnavailable)]
    [InlineData(RegistryFault.Unreachable, ErrorCode.RegistryUnavailable)]
    [InlineData(RegistryFault.Malformed, ErrorCode.RegistryMalformed)]
    [InlineData(RegistryFault.Cut, ErrorCode.RegistryUnavailable)]
    [InlineData(RegistryFault.Silent, ErrorCode.RegistryTimeout)]
    public async Task Find_RegistryFails_SaysHowAndRecovers(RegistryFault fault, ErrorCode expected)
    {
        await PublishAsync("v1.0.0");
        var finder = Finder();
        await Registry.BreakAsync(fault);

        var failure = await FailsAsync(() => finder.FindNewestAsync(Token), passTime: fault is RegistryFault.Silent);

        Assert.Equal(expected, failure.Code);
        Assert.NotEmpty(failure.Message);
        Assert.NotNull(failure.NextStep);
        Assert.NotNull(failure.Target);
        if (fault is RegistryFault.RateLimited)
            Assert.InRange(failure.RetryAfter ?? TimeSpan.Zero, TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(120));
        Assert.All(Registry.Canaries, canary => Assert.DoesNotContain(canary, failure.ToString(), StringComparison.Ordinal));
        await Registry.HealAsync();
        Registry.Time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal("v1.0.0", (await finder.FindNewestAsync(Token)).Release.Tag);
    }

    [Fact]
    public async Task Find_Cancelled_EndsAtOnceAndIsNoFailure()
    {
        await PublishAsync("v1.0.0");
        await Registry.BreakAsync(RegistryFault.Silent);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var finding = Finder().FindNewestAsync(cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => finding.WaitAsync(TimeSpan.FromSeconds(20), Token));
    }

    [Fact]
    public async Task Find_NothingNew_IsUnchangedAndCostsOneRequest()
    {
        for (var patch = 0; patch < 3; patch++)
            await PublishAsync($"v1.0.{patch}");
        var finder = Finder();
        await finder.FindNewestAsync(Token);
        var before = Registry.RequestCount;

        var finding = await finder.FindNewestAsync(Token);

        Assert.Equal(Registry.Traits.HasFlag(RegistryTraits.AnswersConditionally) ? PollOutcome.NotModified : PollOutcome.Unchanged, finding.Outcome);
        Assert.Equal("v1.0.2", finding.Release.Tag);
        if (Registry.Traits.HasFlag(RegistryTraits.AnswersConditionally) && before is not null)
            Assert.Equal(before + 1, Registry.RequestCount);
    }

    [Fact]
    public async Task List_MoreThanAThousandReleases_FindsThemAll()
    {
        Needs(RegistryTraits.ListsReleases);
        for (var minor = 0; minor < 1050; minor++)
            await Registry.PublishAsync($"v1.{minor}.0", Now.AddDays(-minor), PublishedFile.ForLinux);

        var releases = await Finder().ListAsync(all: true, Token);

        Assert.Equal(1050, releases.Count);
        Assert.Equal("v1.1049.0", releases[0].Tag);
        Assert.NotNull(releases[0].Artifact);
    }

    [Theory]
    [InlineData("größe & 漢字 (1)+x_linux_amd64.tar.gz")]
    [InlineData("a b%20c#d_linux_amd64.tar.gz")]
    public async Task Open_OddName_OpensThatFile(string name)
    {
        Needs(RegistryTraits.FreeNames);
        var content = RandomNumberGenerator.GetBytes(1000);
        await Registry.PublishAsync("v1.0.0+exp.sha-5114f85", Now, new PublishedFile(name, content));
        await Registry.PublishAsync("größe 漢字 %2F", Now, new PublishedFile(name, content));

        var finding = await FindAsync();

        Assert.Equal(name, finding.Asset?.Name);
        Assert.Equal("v1.0.0+exp.sha-5114f85", finding.Release.Tag);
        Assert.Equal(content, await ReadAsync(finding, offset: 0, validator: null));
    }

    [Fact]
    public async Task Open_FromAnOffset_GoesOnWithTheSameContent()
    {
        Needs(RegistryTraits.Resumes);
        var content = RandomNumberGenerator.GetBytes(10_000);
        await Registry.PublishAsync("v1.0.0", Now.AddHours(-1), PublishedFile.ForLinux with { Content = content });
        var (source, finder) = Open();
        var asset = (await finder.FindNewestAsync(Token)).Asset ?? throw new InvalidOperationException("No artifact.");
        await using var first = await source.OpenAsync(asset, 0, null, Token);

        await using var rest = await source.OpenAsync(asset, 4000, first.Validator, Token);

        Assert.NotNull(first.Validator);
        Assert.Equal(0, first.Offset);
        Assert.Equal(content.Length, first.TotalLength);
        Assert.Equal(4000, rest.Offset);
        Assert.Equal(content.Length, rest.TotalLength);
        Assert.Equal(first.Validator, rest.Validator);
        Assert.Equal(content[4000..], await ReadAsync(rest));
    }

    [Fact]
    public async Task Open_FromAnOffsetOfOtherContent_StartsAgainOrRefuses()
    {
        Needs(RegistryTraits.Resumes);
        var content = RandomNumberGenerator.GetBytes(10_000);
        await Registry.PublishAsync("v1.0.0", Now.AddHours(-1), PublishedFile.ForLinux with { Content = RandomNumberGenerator.GetBytes(10_000) });
        var (source, finder) = Open();
        var before = (await finder.FindNewestAsync(Token)).Asset ?? throw new InvalidOperationException("No artifact.");
        string? validator;
        await using (var first = await source.OpenAsync(before, 0, null, Token))
            validator = first.Validator;
        await Registry.PublishAsync("v1.0.0", Now, PublishedFile.ForLinux with { Content = content });

        var after = (await finder.FindNewestAsync(Token)).Asset ?? throw new InvalidOperationException("No artifact.");
        await using var now = await source.OpenAsync(after, 4000, validator, Token);

        Assert.Equal(0, now.Offset);
        Assert.Equal(content, await ReadAsync(now));
    }

    [Fact]
    public async Task Report_AfterADeployment_ReachesTheRegistryAndIsNoArtifact()
    {
        Needs(RegistryTraits.TakesReports);
        await PublishAsync("v1.0.0");
        var (source, finder) = Open();
        var release = (await finder.FindNewestAsync(Token)).Release;
        var report = new ShippingReport { Release = release, Command = "server", Host = "Web-1", At = Now };

        await source.ReportAsync(report, Token);
        await source.ReportAsync(report, Token); // a second try after a lost answer does no harm

        Assert.Equal(["shipped_to_web-1_server_at_20260504T120000.000000000Z.txt"], await Registry.ReportsAsync());
        Assert.Equal(PublishedFile.ForLinux.Name, (await Finder().FindNewestAsync(Token)).Asset?.Name);
    }

    [Fact]
    public void Address_UnknownParameter_ListsTheValidOnes()
    {
        var failure = Assert.Throws<DewyException>(() => RegistryCatalog.BuiltIn.Parse(WithQuery("no-such-thing=1")));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.Contains("calver", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A registry of this kind, not started.</summary>
    private protected abstract RegistryFixture CreateRegistry();

    private protected Task PublishAsync(string tag, int hoursAgo = 1) =>
        Registry.PublishAsync(tag, Now.AddHours(-hoursAgo), PublishedFile.ForLinux);

    private protected ReleaseFinder Finder(string query = "", string? slot = null) => Open(query, slot).Finder;

    private protected (IReleaseSource Source, ReleaseFinder Finder) Open(string query = "", string? slot = null)
    {
        var address = RegistryCatalog.BuiltIn.Parse(WithQuery(query));
        var source = RegistryCatalog.BuiltIn.Create(address, Registry.Services);
        _sources.Add(source);
        return (source, new ReleaseFinder(source, address.ToCriteria(slot), Host, Registry.Time, "app"));
    }

    private protected Task<ReleaseFinding> FindAsync(string query = "", string? slot = null) => Finder(query, slot).FindNewestAsync(Token);

    /// <summary>The failure of a request; with <paramref name="passTime"/> the clock moves on until it comes.</summary>
    private protected async Task<DewyException> FailsAsync(Func<Task> request, bool passTime = false)
    {
        var running = request();
        if (passTime)
        {
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            for (var ticks = 0; ticks < 200 && !running.IsCompleted; ticks++)
            {
                await tick.WaitForNextTickAsync(Token);
                Registry.Time.Advance(TimeSpan.FromSeconds(5));
            }
        }

        return await Assert.ThrowsAsync<DewyException>(() => running.WaitAsync(TimeSpan.FromSeconds(30), Token));
    }

    private protected static async Task<byte[]> ReadAsync(ArtifactContent content)
    {
        using var bytes = new MemoryStream();
        await content.Stream.CopyToAsync(bytes, Token);
        return bytes.ToArray();
    }

    private async Task<byte[]> ReadAsync(ReleaseFinding finding, long offset, string? validator)
    {
        var asset = finding.Asset ?? throw new InvalidOperationException("No artifact.");
        await using var content = await _sources[^1].OpenAsync(asset, offset, validator, Token);
        return await ReadAsync(content);
    }

    private string WithQuery(string query)
    {
        var all = string.Join('&', new[] { Registry.Parameters, query }.Where(part => part.Length > 0));
        return all.Length == 0 ? Registry.Url : $"{Registry.Url}?{all}";
    }

    private void Needs(RegistryTraits traits)
    {
        var missing = traits & ~Registry.Traits;
        if (missing != RegistryTraits.None)
            Assert.Skip($"Skipped: registries of this kind do not have {missing}.");
    }
}
