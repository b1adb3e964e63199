using System.Text;
using Dewy.Engine.Deployment;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Deployment;

public sealed class StateStoreTests : IDisposable
{
    private readonly RootFixture _fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private StateStore State => _fixture.Root.State;

    private string StateFile => _fixture.Root.Layout.StateFile;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Read_NoFile_IsEmptyAndCreatesNothing()
    {
        Assert.Equal(new RootState().Current, State.Read().Current);
        Assert.Equal(0, State.Read().Revision);
        Assert.False(File.Exists(StateFile));
    }

    [Fact]
    public async Task UpdateAsync_EverythingSet_IsReadBackBySomebodyElse()
    {
        var kept = await _fixture.AddReleaseAsync("v1+blue");
        var time = _fixture.Time.GetUtcNow();
        var full = new RootState
        {
            Current = kept.ToLive(),
            Previous = kept.ToLive() with { Tag = "v0", Digest = null },
            Blocked = [new BlockedRelease { Key = "k", Tag = "v2", Code = ErrorCode.CrashLoop, Reason = "it crashed", Failures = 3, RetryAt = time.AddMinutes(2), Digest = RootFixture.DigestOf("v2") }],
            Pin = new ReleasePin { Tag = "v1", At = time, By = "root", UntilNewer = true, NewestTagThen = "v2", Directory = kept.Path },
            Pause = new ReleasePause(time, "root"),
            Attempt = _fixture.AttemptOf("v3", kept.Path),
            LastCheck = time,
            NewestTag = "v3",
            Requests = [new OperatorRequest { Id = "r1", Kind = OperatorRequestKind.Restart, At = time, By = "root" }],
            Answers = [new RequestAnswer { RequestId = "r0", At = time, DeploymentId = "d0" }],
            Agent = new AgentDescription("app", DeploymentMode.Server, "ghr://owner/app"),
        };

        var written = await State.UpdateAsync(_ => full, Token);

        var read = _fixture.Reopen().State.Read();
        Assert.Equal(1, read.Revision);
        Assert.Equivalent(written, read, strict: true);
        Assert.Equal(full.Current, read.Current);
        Assert.Equal(full.Attempt, read.Attempt);
    }

    [Fact]
    public async Task UpdateAsync_Written_IsReadableText()
    {
        var kept = await _fixture.GoLiveAsync("v1+blue");

        var text = await File.ReadAllTextAsync(StateFile, Token);

        Assert.Contains("\"format\": 1", text, StringComparison.Ordinal);
        Assert.Contains("\"tag\": \"v1+blue\"", text, StringComparison.Ordinal);
        Assert.Contains($"\"digest\": \"{kept.Record.Digest}\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("null", text, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(StateFile));
    }

    [Fact]
    public async Task UpdateAsync_NothingChanged_WritesNothing()
    {
        await State.UpdateAsync(EngineProcess.Count, Token);

        var state = await State.UpdateAsync(same => same, Token);

        Assert.Equal(1, state.Revision);
        Assert.Equal(1, State.Read().Revision);
    }

    [Fact]
    public async Task UpdateAsync_ChangeThrows_LeavesFileAndLetsTheNextIn()
    {
        await State.UpdateAsync(EngineProcess.Count, Token);

        await Assert.ThrowsAsync<InvalidOperationException>(() => State.UpdateAsync(_ => throw new InvalidOperationException(), Token));

        Assert.Equal(2, EngineProcess.CountOf(await State.UpdateAsync(EngineProcess.Count, Token)));
    }

    [Fact]
    public async Task UpdateAsync_ManyAtOnceThroughTwoStores_LosesNone()
    {
        var stores = new[] { State, _fixture.Reopen().State };

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => stores[i % 2].UpdateAsync(EngineProcess.Count, Token), Token)));

        Assert.Equal(40, EngineProcess.CountOf(State.Read()));
    }

    [Fact]
    public async Task UpdateAsync_TwoProcessesAtOnce_LosesNone()
    {
        using var other = EngineProcess.Start(EngineProcess.Update, _fixture.Path, times: 100);
        await Eventually.IsTrueAsync(() => EngineProcess.CountOf(State.Read()) > 0 || other.HasExited, "the other process updates", EngineProcess.StartLimit);

        for (var i = 0; i < 100; i++)
            await State.UpdateAsync(EngineProcess.Count, Token);
        await other.WaitForExitAsync(Token);

        Assert.Equal(0, other.ExitCode);
        Assert.Equal(200, EngineProcess.CountOf(State.Read()));
        Assert.Equal(200, State.Read().Revision);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    public async Task WritersKilled_AtAnyPoint_StateAndHistoryAreWhole(int afterAtLeast)
    {
        using var writer = EngineProcess.Start(EngineProcess.WriteForever, _fixture.Path);
        await Eventually.IsTrueAsync(() => EngineProcess.CountOf(State.Read()) >= afterAtLeast, "the other process writes", EngineProcess.StartLimit);
        writer.Kill();
        await writer.WaitForExitAsync(Token);

        var count = EngineProcess.CountOf(State.Read());
        var history = _fixture.Root.History.Read(10_000);
        await State.RemoveLeftoversAsync(Token);
        await State.UpdateAsync(EngineProcess.Count, Token);
        await _fixture.Root.History.AppendAsync(_fixture.DeploymentOf("last"), Token);

        Assert.InRange(history.Count, count - 1, count);
        Assert.Equal(count + 1, EngineProcess.CountOf(State.Read()));
        Assert.Equal(history.Count + 1, _fixture.Root.History.Read(10_000).Count);
        Assert.DoesNotContain(Directory.EnumerateFiles(_fixture.Root.Layout.Private), file => file.EndsWith(".tmp", StringComparison.Ordinal) || file.Contains("corrupt", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"format\":1,\"current\":{\"tag\":\"v")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"format\":\"one\"}")]
    [InlineData("{\"format\":1,\"blocked\":null}")]
    [InlineData("{\"format\":1,\"current\":{}}")]
    [InlineData("{\"format\":1,\"current\":7}")]
    [InlineData("{\"format\":1,\"blocked\":[{\"key\":\"k\",\"tag\":\"t\",\"code\":\"NoSuchCode\",\"reason\":\"r\",\"failures\":1,\"retryAt\":\"2026-01-01T00:00:00Z\"}]}")]
    public async Task UpdateAsync_DamagedFile_IsPutAsideAndRebuiltFromWhatIsThere(string content)
    {
        await _fixture.AddReleaseAsync("v0");
        await _fixture.GoLiveAsync("v1");
        await _fixture.AddReleaseAsync("v2", good: false);
        await File.WriteAllTextAsync(StateFile, content, Token);
        Assert.Equal("v1", State.Read().Current?.Tag);
        Assert.Equal(content, await File.ReadAllTextAsync(StateFile, Token));

        var state = await State.UpdateAsync(same => same, Token);

        Assert.Equal(("v1", "v0"), (state.Current?.Tag, state.Previous?.Tag));
        Assert.Equal(RootFixture.DigestOf("v1"), state.Current?.Digest);
        Assert.Equal("v1", _fixture.Reopen().State.Read().Current?.Tag);
        var aside = Assert.Single(Directory.EnumerateFiles(_fixture.Root.Layout.Private, "state.json.corrupt-*"));
        Assert.Equal(content, await File.ReadAllTextAsync(aside, Token));
        Assert.Equal(aside, Assert.Single(_fixture.Events.Of<AttentionNeeded>()).Target);
    }

    [Fact]
    public async Task UpdateAsync_DamagedAgainAndAgain_KeepsAFewFiles()
    {
        for (var i = 0; i < 6; i++)
        {
            await File.WriteAllTextAsync(StateFile, "damage", Token);
            await State.UpdateAsync(same => same, Token);
        }

        Assert.Equal(3, Directory.EnumerateFiles(_fixture.Root.Layout.Private, "state.json.corrupt-*").Count());
    }

    [Fact]
    public async Task Read_FileOfALaterVersion_IsRefusedAndLeft()
    {
        const string content = "{\"format\":2,\"current\":\"somewhere else\"}";
        await File.WriteAllTextAsync(StateFile, content, Token);

        var reading = Assert.Throws<DewyException>(() => State.Read());
        var writing = await Assert.ThrowsAsync<DewyException>(() => State.UpdateAsync(EngineProcess.Count, Token));

        Assert.Equal(ErrorCode.RootCorrupt, reading.Code);
        Assert.Contains("format 2", reading.Message, StringComparison.Ordinal);
        Assert.Equal(reading.Message, writing.Message);
        Assert.Equal(content, await File.ReadAllTextAsync(StateFile, Token));
    }

    [Fact]
    public async Task Read_UnknownMember_IsIgnored()
    {
        await File.WriteAllTextAsync(StateFile, "{\"format\":1,\"revision\":7,\"novelty\":{}}", Token);

        Assert.Equal(7, State.Read().Revision);
    }

    [Fact]
    public async Task UpdateAsync_FullDisk_IsDiskFullAndTheOldStateStays()
    {
        using var disk = new SmallFileSystem(kibibytes: 64);
        var root = new DeploymentRoot(disk.Path, _fixture.Events, _fixture.Time);
        root.Layout.EnsureCreated();
        await root.State.UpdateAsync(EngineProcess.Count, Token);
        disk.Fill();

        var failure = await Assert.ThrowsAsync<DewyException>(() => root.State.UpdateAsync(EngineProcess.Count, Token));

        Assert.Equal(ErrorCode.DiskFull, failure.Code);
        Assert.Equal(1, EngineProcess.CountOf(root.State.Read()));
        disk.Empty();
        Assert.Equal(2, EngineProcess.CountOf(await root.State.UpdateAsync(EngineProcess.Count, Token)));
    }

    [Fact]
    public async Task Read_WhileBeingReplaced_IsNeverHalf()
    {
        var pause = new ReleasePause(_fixture.Time.GetUtcNow(), new string('x', 20_000));
        using var done = new CancellationTokenSource();
        var writer = Task.Run(
            async () =>
            {
                for (var i = 0; i < 150; i++)
                    await State.UpdateAsync(state => state with { Pause = state.Pause is null ? pause : null }, Token);
                await done.CancelAsync();
            },
            Token);

        while (!done.IsCancellationRequested && !writer.IsCompleted)
            _ = State.Read();

        await writer;
        Assert.Empty(_fixture.Events.Of<AttentionNeeded>());
        Assert.Equal(150, State.Read().Revision);
    }

    [Fact]
    public async Task RemoveLeftoversAsync_TemporaryFileOfACrash_IsRemoved()
    {
        await State.UpdateAsync(EngineProcess.Count, Token);
        await File.WriteAllTextAsync($"{StateFile}.123-abc.tmp", "{\"format\":1,", Token);

        await State.RemoveLeftoversAsync(Token);

        Assert.Empty(Directory.EnumerateFiles(_fixture.Root.Layout.Private, "*.tmp"));
        Assert.Equal(1, EngineProcess.CountOf(State.Read()));
    }

    [Fact]
    public void Ask_MoreThanTheLimit_DropsTheOldest()
    {
        var state = Enumerable.Range(0, RootState.MaximumRequests + 1).Aggregate(new RootState(), (before, i) => before.Ask(Request($"r{i}")));

        Assert.Equal(RootState.MaximumRequests, state.Requests.Count);
        Assert.Equal("r1", state.Requests[0].Id);
    }

    [Fact]
    public void Answer_Waiting_MovesItFromRequestsToAnswers()
    {
        var state = new RootState().Ask(Request("r1")).Ask(Request("r2"));

        state = state.Answer(new RequestAnswer { RequestId = "r1", At = DateTimeOffset.UnixEpoch, DeploymentId = "d1" });

        Assert.Equal(["r2"], state.Requests.Select(request => request.Id));
        Assert.Equal(["r1"], state.Answers.Select(answer => answer.RequestId));
    }

    [Theory]
    [InlineData("\"sha256:abc\"")]
    [InlineData("7")]
    public void Deserialize_NoDigest_IsJsonException(string digest) =>
        Assert.Throws<System.Text.Json.JsonException>(() => System.Text.Json.JsonSerializer.Deserialize(
            Encoding.UTF8.GetBytes($"{{\"tag\":\"t\",\"key\":\"k\",\"digest\":{digest},\"createdAt\":\"2026-01-01T00:00:00Z\",\"deploymentId\":\"d\"}}"),
            DeploymentJson.Page.ReleaseRecord));

    private static OperatorRequest Request(string id) => new() { Id = id, Kind = OperatorRequestKind.Deploy, At = DateTimeOffset.UnixEpoch, By = "root" };
}
