using Dewy.Engine.Deployment;
using Xunit;

namespace Dewy.Engine.Tests.Deployment;

public sealed class StateWatchTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly RootFixture _fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private StateStore State => _fixture.Root.State;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task WaitForChangeAsync_ChangedBefore_CompletesAtOnce()
    {
        await State.UpdateAsync(EngineProcess.Count, Token);
        using var watch = Watch(_fixture.Time);

        Assert.Equal(1, (await watch.WaitForChangeAsync(seenRevision: 0, Token).WaitAsync(Limit, Token)).Revision);
    }

    [Fact]
    public async Task WaitForChangeAsync_ChangedByAnother_IsToldByTheFileSystem()
    {
        // The clock stands still: looking every few seconds cannot be what completes it.
        using var watch = Watch(_fixture.Time);
        var waiting = watch.WaitForChangeAsync(seenRevision: 0, Token);
        Assert.False(waiting.IsCompleted);

        await _fixture.Reopen().State.UpdateAsync(EngineProcess.Count, Token);

        Assert.Equal(1, (await waiting.WaitAsync(Limit, Token)).Revision);
    }

    [Fact]
    public async Task WaitForChangeAsync_FileSystemTellsNothing_LooksEveryFewSeconds()
    {
        // Watches a directory in which nothing happens, and reads the state of this root.
        using var silent = new RootFixture();
        using var watch = new StateWatch(silent.Root.Layout, State, _fixture.Time);
        var waiting = watch.WaitForChangeAsync(seenRevision: 0, Token);
        await State.UpdateAsync(EngineProcess.Count, Token);

        _fixture.Time.Advance(StateWatch.PollInterval);

        Assert.Equal(1, (await waiting.WaitAsync(Limit, Token)).Revision);
    }

    [Fact]
    public async Task WaitForChangeAsync_SecondWait_SeesTheNextChangeOnly()
    {
        using var watch = Watch(_fixture.Time);
        await State.UpdateAsync(EngineProcess.Count, Token);
        var first = await watch.WaitForChangeAsync(seenRevision: 0, Token).WaitAsync(Limit, Token);

        var waiting = watch.WaitForChangeAsync(first.Revision, Token);
        await State.UpdateAsync(EngineProcess.Count, Token);

        Assert.Equal(first.Revision + 1, (await waiting.WaitAsync(Limit, Token)).Revision);
    }

    [Fact]
    public async Task WaitForChangeAsync_Cancelled_Ends()
    {
        using var watch = Watch(TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var waiting = watch.WaitForChangeAsync(seenRevision: 0, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Limit, Token));
    }

    private StateWatch Watch(TimeProvider time) => new(_fixture.Root.Layout, State, time);
}
