using Dewy.PowerShell.Commands;
using Xunit;

namespace Dewy.PowerShell.Tests.Commands;

public sealed class PipelinePumpTests
{
    [Fact]
    public void Run_WritesOfTheBody_AreDoneOnTheCallersThreadInOrder()
    {
        using var pump = new PipelinePump();
        var seen = new List<(int Number, int Thread)>();

        pump.Run(
            async () =>
            {
                for (var number = 0; number < 100; number++)
                {
                    var written = number;
                    pump.Post(() => seen.Add((written, Environment.CurrentManagedThreadId)));
                    await Task.Yield();
                }
            },
            () => { });

        Assert.Equal(Enumerable.Range(0, 100).Select(number => (number, Environment.CurrentManagedThreadId)), seen);
    }

    [Fact]
    public void Run_BodyAsks_IsAnsweredOnTheCallersThread()
    {
        using var pump = new PipelinePump();
        var answer = 0;

        pump.Run(async () => answer = await pump.AskAsync(() => Environment.CurrentManagedThreadId), () => { });

        Assert.Equal(Environment.CurrentManagedThreadId, answer);
    }

    [Fact]
    public void Run_BodyFails_ThrowsItAfterEverythingWritten()
    {
        using var pump = new PipelinePump();
        var written = false;

        Assert.Throws<DewyException>(() => pump.Run(
            () =>
            {
                pump.Post(() => written = true);
                throw new DewyException(ErrorCode.DiskFull, "full");
            },
            () => { }));

        Assert.True(written);
    }

    [Fact]
    public void Run_PipelineBreaks_BodyIsCancelledAndAwaitedThenTheBreakIsThrown()
    {
        using var pump = new PipelinePump();
        using var cancelled = new CancellationTokenSource();
        var bodyEnded = false;

        var broken = Assert.Throws<InvalidTimeZoneException>(() => pump.Run(
            async () =>
            {
                pump.Post(() => throw new InvalidTimeZoneException("the pipeline is stopped"));
                await Task.Delay(Timeout.InfiniteTimeSpan, cancelled.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                bodyEnded = true;
                throw new OperationCanceledException();
            },
            cancelled.Cancel));

        Assert.Equal("the pipeline is stopped", broken.Message);
        Assert.True(bodyEnded);
    }

    [Fact]
    public void Run_BodyAsksABrokenPipeline_IsCancelledInsteadOfWaitingForEver()
    {
        using var pump = new PipelinePump();
        var cancelled = false;

        Assert.Throws<InvalidTimeZoneException>(() => pump.Run(
            async () =>
            {
                pump.Post(() => throw new InvalidTimeZoneException());
                try
                {
                    await pump.AskAsync(() => true);
                }
                catch (OperationCanceledException)
                {
                    cancelled = true;
                }
            },
            () => { }));

        Assert.True(cancelled);
    }

    [Fact]
    public void Post_AfterTheBodyEnded_IsIgnored()
    {
        var pump = new PipelinePump();
        pump.Run(() => Task.CompletedTask, () => { });

        pump.Post(() => throw new InvalidTimeZoneException("a late writer"));
        pump.Dispose();
        pump.Post(() => throw new InvalidTimeZoneException("a very late writer"));
    }

    [Fact]
    public void PostNote_PipelineDoesNotKeepUp_DropsAndCounts()
    {
        using var pump = new PipelinePump();
        var shown = 0;
        using var release = new ManualResetEventSlim();

        pump.Run(
            () =>
            {
                pump.Post(() => release.Wait(TestContext.Current.CancellationToken));
                for (var note = 0; note < PipelinePump.MostWaitingNotes + 10; note++)
                    pump.PostNote(() => shown++);
                release.Set();
                return Task.CompletedTask;
            },
            () => { });

        Assert.Equal(PipelinePump.MostWaitingNotes, shown);
        Assert.Equal(10, pump.DroppedNotes);
    }
}
