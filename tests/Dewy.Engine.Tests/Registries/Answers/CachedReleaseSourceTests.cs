using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Answers;
using Dewy.Engine.Registries.Buckets;
using Dewy.Engine.Releases;
using Dewy.Engine.Tests.Registries.Buckets;
using Dewy.Tests;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Answers;

public sealed class CachedReleaseSourceTests : IAsyncDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private static readonly RegistryQuestion Question = new("fleet://registry?");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
    private readonly RecordingEventSink _events = new();
    private readonly MemoryBucket _store;
    private readonly FleetRegistry _registry;
    private readonly List<IAsyncDisposable> _owned = [];

    public CachedReleaseSourceTests()
    {
        _store = new MemoryBucket(_time);
        _registry = new FleetRegistry(_time);
        _registry.Publish("v1.0.0");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static DewyException Down => new(ErrorCode.RegistryUnavailable, "It is down.") { NextStep = "Wait.", Target = "fleet://registry" };

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in _owned)
            await owned.DisposeAsync();
    }

    [Fact]
    public async Task Find_SecondHost_ReadsTheFirstOnesAnswer()
    {
        await FindAsync(Host());

        var finding = await FindAsync(Host());

        Assert.Equal("v1.0.0", finding.Release.Tag);
        Assert.Equal("id of v1.0.0", finding.Release.Id);
        Assert.NotNull(finding.Release.Artifact?.Digest);
        Assert.Equal(DateTimeOffset.UnixEpoch, finding.Release.CreatedAt);
        Assert.Single(_registry.Listed);
        Assert.Single(_registry.AssetsListed);
    }

    [Fact]
    public async Task Find_WithinTheWindow_MakesNoRequestAtAll()
    {
        var host = Host();
        await FindAsync(host);
        var calls = _store.Calls.Count;
        _time.Advance(Window - TimeSpan.FromSeconds(1));

        var finding = await FindAsync(host);

        Assert.Equal(PollOutcome.NotModified, finding.Outcome);
        Assert.Equal(calls, _store.Calls.Count);
        Assert.Single(_registry.Listed);
    }

    [Fact]
    public async Task Find_AfterTheWindow_OneHostAsksAgainAndAllSeeTheNewRelease()
    {
        var hosts = (ReleaseFinder[])[Host(), Host(), Host()];
        foreach (var host in hosts)
            await FindAsync(host);
        _registry.Publish("v1.1.0");
        _time.Advance(Window);

        foreach (var host in hosts)
            Assert.Equal("v1.1.0", (await FindAsync(host)).Release.Tag);

        Assert.Equal(2, _registry.Listed.Count);
    }

    [Fact]
    public async Task Find_RegistryIsDown_OlderAnswerStandsAndThatIsTold()
    {
        var (asker, reader) = (Host(), Host());
        await FindAsync(asker);
        await FindAsync(reader);
        _registry.Failure = Down;

        for (var window = 0; window < 4; window++)
        {
            _time.Advance(Window);
            Assert.Equal("v1.0.0", (await FindAsync(asker)).Release.Tag);
            Assert.Equal("v1.0.0", (await FindAsync(reader)).Release.Tag);
        }

        Assert.Equal(5, _registry.Listed.Count); // once a window, failures included
        Assert.Equal(2, _events.Of<RegistryAnswerStale>().Count()); // each host once
        Assert.All(_events.Of<RegistryAnswerStale>(), stale =>
        {
            Assert.Equal("It is down.", stale.Reason);
            Assert.Equal(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero), stale.AnsweredAt);
        });
    }

    [Fact]
    public async Task Find_RegistryIsDownFromTheStart_FailsEveryHostWithTheSameFailure()
    {
        _registry.Failure = Down;
        await Assert.ThrowsAsync<DewyException>(() => FindAsync(Host()));

        var failure = await Assert.ThrowsAsync<DewyException>(() => FindAsync(Host()));

        Assert.Equal(ErrorCode.RegistryUnavailable, failure.Code);
        Assert.Equal("It is down.", failure.Message);
        Assert.Equal("Wait.", failure.NextStep);
        Assert.Single(_registry.Listed);
    }

    [Fact]
    public async Task Find_RegistryIsBack_IsUpToDateAgain()
    {
        var host = Host();
        await FindAsync(host);
        _registry.Failure = Down;
        _time.Advance(Window);
        await FindAsync(host);
        _registry.Failure = null;
        _registry.Publish("v1.1.0");
        _time.Advance(Window);

        Assert.Equal("v1.1.0", (await FindAsync(host)).Release.Tag);
    }

    [Fact]
    public async Task Find_RegistryAskedToBeLeftAlone_IsLeftAloneByAll()
    {
        await FindAsync(Host());
        _registry.Failure = new DewyException(ErrorCode.RegistryRateLimited, "Enough.") { RetryAfter = TimeSpan.FromMinutes(10) };
        _time.Advance(Window);
        await FindAsync(Host());
        _time.Advance(TimeSpan.FromMinutes(9));

        await FindAsync(Host());

        Assert.Equal(2, _registry.Listed.Count);
    }

    [Fact]
    public async Task Find_OneHostsCredentialsAreRefused_IsNotTheFleetsAnswer()
    {
        _registry.Failure = new DewyException(ErrorCode.RegistryUnauthorized, "Not you.");
        var bad = Host();
        Assert.Equal(ErrorCode.RegistryUnauthorized, (await Assert.ThrowsAsync<DewyException>(() => FindAsync(bad))).Code);
        _registry.Failure = null;
        await FindAsync(Host());

        Assert.Equal("v1.0.0", (await FindAsync(bad)).Release.Tag); // what another host was told
        _time.Advance(Window);
        Assert.Equal("v1.0.0", (await FindAsync(bad)).Release.Tag);

        Assert.Equal(2, _registry.Listed.Count); // it leaves asking to others now
        Assert.Equal("Not you.", Assert.Single(_events.Of<RegistryAnswerStale>()).Reason);
    }

    [Fact]
    public async Task Find_BucketIsDown_EachHostAsksForItselfOnceAWindow()
    {
        _store.IsDown = true;
        var host = Host();
        for (var poll = 0; poll < 6; poll++)
        {
            Assert.Equal("v1.0.0", (await FindAsync(host)).Release.Tag);
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(2, _registry.Listed.Count);
        Assert.Single(_events.Of<AttentionNeeded>());
    }

    [Fact]
    public async Task Find_AskerDied_AnotherHostAsksAfterAWhile()
    {
        _store[Question.LeaseName] = [.. "{\"holder\":\"web-9\"}"u8];

        Assert.Equal("v1.0.0", (await PassTimeAsync(FindAsync(Host()))).Release.Tag);
    }

    [Fact]
    public async Task Find_AskerDiedAndThereIsAnAnswer_ItStandsMeanwhile()
    {
        var host = Host();
        await FindAsync(host);
        _time.Advance(Window);
        _store[Question.LeaseName] = [.. "{\"holder\":\"web-9\"}"u8];

        Assert.Equal("v1.0.0", (await FindAsync(host)).Release.Tag);
        Assert.Single(_registry.Listed);
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(3)]
    public async Task Find_ClocksOfHostsDiffer_TheBucketsClockCounts(int hours)
    {
        var skewed = new FakeTimeProvider(_time.GetUtcNow().AddHours(hours));
        await FindAsync(Host(skewed));

        await FindAsync(Host());
        _time.Advance(Window);
        await FindAsync(Host());

        Assert.Equal(2, _registry.Listed.Count);
    }

    [Fact]
    public async Task Find_BucketTellsNoTimes_HostsClocksHaveToDo()
    {
        _store.TellsAges = false;
        await FindAsync(Host());
        _time.Advance(Window - TimeSpan.FromSeconds(1));
        await FindAsync(Host());
        Assert.Single(_registry.Listed);

        _time.Advance(TimeSpan.FromSeconds(1));
        await FindAsync(Host());
        Assert.Equal(2, _registry.Listed.Count);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("""{"format":99,"question":"fleet://registry?","releases":[]}""")]
    [InlineData("""{"format":1,"question":"another one","releases":[]}""")]
    [InlineData("""{"format":1,"question":"fleet://registry?"}""")]
    [InlineData("""{"format":1,"question":"fleet://registry?","releases":[{"id":"without a tag"}]}""")]
    public async Task Find_WhatIsKeptIsOfNoUse_IsReplaced(string text)
    {
        _store[Question.AnswerName] = System.Text.Encoding.UTF8.GetBytes(text);

        Assert.Equal("v1.0.0", (await FindAsync(Host())).Release.Tag);
        await FindAsync(Host());
        Assert.Single(_registry.Listed);
    }

    [Fact]
    public async Task FindTag_PinnedByManyHosts_ItsFilesAreAskedForOnceAWindow()
    {
        _registry.Publish("v1.1.0");
        for (var host = 0; host < 5; host++)
            Assert.Equal("v1.0.0", (await Host().FindAsync("v1.0.0", Token)).Release.Tag);

        Assert.Equal(["v1.1.0", "v1.0.0"], _registry.AssetsListed);
        Assert.Single(_registry.Listed);
    }

    [Fact]
    public async Task FindTag_AddedLater_DoesNotMakeTheListingYounger()
    {
        _registry.Publish("v1.1.0");
        await FindAsync(Host());
        _time.Advance(TimeSpan.FromSeconds(20));
        await Host().FindAsync("v1.0.0", Token);
        _time.Advance(TimeSpan.FromSeconds(10));

        await FindAsync(Host());

        Assert.Equal(2, _registry.Listed.Count);
    }

    [Fact]
    public async Task FindTag_ThenNewest_FindsTheNewestAndNotWhatWasNewestBefore()
    {
        var host = Host();
        await FindAsync(host);
        _registry.Publish("v1.1.0");
        _time.Advance(Window);
        await host.FindAsync("v1.0.0", Token);

        Assert.Equal("v1.1.0", (await FindAsync(host)).Release.Tag);
    }

    [Fact]
    public void Question_WhatInfluencesTheAnswer_IsAnotherQuestion()
    {
        var texts = new[]
        {
            Of("s3://eu-west-1/bucket/app"),
            Of("s3://eu-west-1/bucket/other"),
            Of("s3://eu-west-1/bucket/app?endpoint=http://minio:9000"),
            Of("s3://eu-west-1/bucket/app?pre-release=true"),
            Of("s3://eu-west-1/bucket/app", slot: "blue"),
            Of("s3://eu-west-1/bucket/app", platform: "linux/amd64"),
        };

        Assert.Equal(texts.Length, texts.Select(question => question.AnswerName).Distinct().Count());
        Assert.Matches("^registry-cache/[0-9a-f]{16}\\.json$", texts[0].AnswerName);
        Assert.Equal(Of("s3://eu-west-1/bucket/app?pre-release=true&artifact=x"), Of("s3://eu-west-1/bucket/app?artifact=x&pre-release=1"));

        static RegistryQuestion Of(string url, string? slot = null, string? platform = null)
        {
            var address = RegistryCatalog.BuiltIn.Parse(url);
            return RegistryQuestion.Of(address, address.ToCriteria(slot), platform is null ? null : HostPlatform.Parse(platform));
        }
    }

    private static Task<ReleaseFinding> FindAsync(ReleaseFinder host) => host.FindNewestAsync(Token);

    private async Task<T> PassTimeAsync<T>(Task<T> running)
    {
        while (!running.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(20), Token));
        }

        return await running;
    }

    private ReleaseFinder Host(TimeProvider? clock = null)
    {
        clock ??= _time;
        var bucket = new SharedBucket("mem://bucket", "", _store, $"web-{_owned.Count}", _events, clock);
        _owned.Add(bucket);
        var source = new CachedReleaseSource(_registry, bucket, Question, Window, new ReleaseCriteria(), _events, clock);
        return new ReleaseFinder(source, new ReleaseCriteria(), HostPlatform.Parse("linux/amd64"), clock, "app");
    }
}
