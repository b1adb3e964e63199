using Dewy.Engine.Registries.GitHub;
using Dewy.Tests.GitHub;
using Dewy.Tests.Http;
using Xunit;

namespace Dewy.Engine.Tests.Registries.GitHub;

public sealed class GitHubPollingTests : GitHubTestBase
{
    [Fact]
    public async Task Poll_ThousandReleasesAndNothingNew_CostsOneConditionalRequestEach()
    {
        var server = await StartAsync();
        Fill(server, 1050);
        var (_, finder) = Open(server);
        await finder.FindNewestAsync(Cancellation);
        Assert.Equal(11, server.Requests.Count);
        server.Forget();
        server.RequestsLeft = 0; // answers 304 are free, anything else would now be refused

        for (var poll = 0; poll < 50; poll++)
        {
            Time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(PollOutcome.NotModified, (await finder.FindNewestAsync(Cancellation)).Outcome);
        }

        Assert.Equal(50, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.NotNull(request.Header("If-None-Match")));
    }

    [Fact]
    public async Task Poll_NewReleaseAmongAThousand_IsFoundAtOnce()
    {
        var server = await StartAsync();
        Fill(server, 1050);
        var (_, finder) = Open(server);
        await finder.FindNewestAsync(Cancellation);

        server.Publish("v2.0.0", Now, File());
        var finding = await finder.FindNewestAsync(Cancellation);

        Assert.Equal(("v2.0.0", PollOutcome.Changed), (finding.Release.Tag, finding.Outcome));
        Assert.Equal(1051, (await finder.ListAsync(all: true, Cancellation)).Count);
    }

    [Fact]
    public async Task Poll_NewestReleaseDeleted_FollowsToTheOneBefore()
    {
        var server = await StartAsync();
        server.Publish("v1.0.0", Now.AddHours(-2), File());
        var newest = server.Publish("v1.1.0", Now.AddHours(-1), File());
        var (_, finder) = Open(server);
        await finder.FindNewestAsync(Cancellation);

        server.Delete(newest);

        Assert.Equal("v1.0.0", (await finder.FindNewestAsync(Cancellation)).Release.Tag);
    }

    [Fact]
    public async Task Poll_ChangeOnALaterPageOnly_IsSeenWithTheNextWalk()
    {
        var server = await StartAsync();
        Fill(server, 250);
        var (source, _) = Open(server);
        await source.ListAsync(Cancellation);
        server.Publish("v9.0.0", Now.AddYears(-1), File()); // made of an old commit
        server.Forget();

        Assert.True((await source.ListAsync(Cancellation)).NotModified);
        Assert.Single(server.Requests);
        Time.Advance(GitHubReleaseList.WalkInterval);
        var listing = await source.ListAsync(Cancellation);

        Assert.False(listing.NotModified);
        Assert.Contains(listing.Releases, release => release.Tag == "v9.0.0");
        Assert.Equal(1 + 3, server.Requests.Count);
    }

    [Fact]
    public async Task Poll_WalkWithNothingNew_IsConditionalOnEachPage()
    {
        var server = await StartAsync();
        Fill(server, 250);
        var (source, _) = Open(server);
        await source.ListAsync(Cancellation);
        server.Forget();
        server.RequestsLeft = 0;
        Time.Advance(GitHubReleaseList.WalkInterval);

        Assert.True((await source.ListAsync(Cancellation)).NotModified);

        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Poll_OnlyDownloadCountsMoved_CostsOneRequestAndIsUnchanged()
    {
        var server = await StartAsync();
        Fill(server, 250);
        var (_, finder) = Open(server);
        await finder.FindNewestAsync(Cancellation);
        server.Forget();
        server.Releases.First(release => release.Tag == "v1.249.0").Assets[0].DownloadCount = 17;

        Assert.Equal(PollOutcome.Unchanged, (await finder.FindNewestAsync(Cancellation)).Outcome);
        Assert.Equal(PollOutcome.NotModified, (await finder.FindNewestAsync(Cancellation)).Outcome);

        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Poll_WalkBreaksOff_KeepsTheOldListAndTriesAgain()
    {
        var server = await StartAsync();
        Fill(server, 250);
        var (_, finder) = Open(server);
        await finder.FindNewestAsync(Cancellation);
        server.Publish("v2.0.0", Now, File());
        server.Add(Fault.ServerError with { When = request => request.Query["page"] == "2", Times = 1 });

        Assert.Equal(ErrorCode.RegistryUnavailable, (await FailsAsync(() => finder.FindNewestAsync(Cancellation))).Code);

        Assert.Equal("v2.0.0", (await finder.FindNewestAsync(Cancellation)).Release.Tag);
    }

    [Fact]
    public async Task Poll_RenamedRepository_CostsOneRequestFromTheSecondPollOn()
    {
        var server = await StartAsync(new GitHubServer { Token = Token, FormerName = "old-app" });
        server.Publish("v1.0.0", Now, File());
        var (source, finder) = Open(Variables(server, ("GH_TOKEN", Token)), "ghr://acme/old-app");
        var finding = await finder.FindNewestAsync(Cancellation);
        server.Forget();

        Assert.Equal(PollOutcome.NotModified, (await finder.FindNewestAsync(Cancellation)).Outcome);

        Assert.Equal("GET /repos/acme/app/releases?per_page=100&page=1", Assert.Single(server.Requests).ToString());
        Assert.Equal("archive"u8.ToArray(), await ReadAsync(source, finding));
    }

    [Fact]
    public async Task Poll_RateLimited_AsksNothingUntilTheResetAndThenGoesOn()
    {
        var server = await StartAsync();
        server.Publish("v1.0.0", Now, File());
        server.Add(Fault.TooManyRequests(90) with { Times = 1 });
        var (_, finder) = Open(server);

        var first = await FailsAsync(() => finder.FindNewestAsync(Cancellation));
        Time.Advance(TimeSpan.FromSeconds(60));
        var second = await FailsAsync(() => finder.FindNewestAsync(Cancellation));

        Assert.Equal((ErrorCode.RegistryRateLimited, TimeSpan.FromSeconds(90)), (first.Code, first.RetryAfter));
        Assert.Equal((ErrorCode.RegistryRateLimited, TimeSpan.FromSeconds(30)), (second.Code, second.RetryAfter));
        Assert.Single(server.Requests);
        Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("v1.0.0", (await finder.FindNewestAsync(Cancellation)).Release.Tag);
    }

    [Fact]
    public async Task Poll_SecondaryRateLimitWithoutAHeader_WaitsAMinute()
    {
        var server = await StartAsync();
        server.Add(new Fault.Answer(403, """{"message":"You have exceeded a secondary rate limit. Please wait."}"""));
        var (_, finder) = Open(server);

        var failure = await FailsAsync(() => finder.FindNewestAsync(Cancellation));

        Assert.Equal((ErrorCode.RegistryRateLimited, TimeSpan.FromMinutes(1)), (failure.Code, failure.RetryAfter));
    }

    private void Fill(GitHubServer server, int count)
    {
        for (var number = 0; number < count; number++)
            server.Publish($"v1.{number}.0", Now.AddHours(number - count), File());
    }
}
