using Dewy.Engine.Proxy.Tcp.Epoll;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Proxy.Tcp;

public sealed class EventLoopTests
{
    [Fact]
    public async Task Post_FromManyThreads_EachIsDoneOnceOnTheLoopsThread()
    {
        const int Threads = 8;
        const int Each = 20_000;
        using var loop = Start();
        var done = 0; // of one thread alone
        var threads = new HashSet<int>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Threads), TestContext.Current.CancellationToken, (_, _) =>
        {
            for (var turn = 0; turn < Each; turn++)
            {
                loop.Post(() =>
                {
                    done++;
                    threads.Add(Environment.CurrentManagedThreadId);
                });
            }

            return ValueTask.CompletedTask;
        });
        var all = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(() => all.TrySetResult(done));
        Assert.Equal(Threads * Each, await all.Task.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Single(threads);
    }

    [Fact]
    public void Post_AfterTheLoopHasEnded_WritesToNoDescriptorOfOthers()
    {
        for (var turn = 0; turn < 50; turn++)
        {
            var loop = Start();
            loop.Dispose();

            // The lowest free numbers are given out next: those that the loop has just given up.
            using var pipes = new PipePool(8);
            var taken = new List<SplicePipe>();
            while (pipes.TryTake() is { } pipe)
                taken.Add(pipe);
            loop.Post(static () => { });
            Assert.DoesNotContain(taken, pipe => Polling.HasBytes(pipe.Reading));
            taken.ForEach(pipes.Return);
        }
    }

    [Fact]
    public void Pipes_AllTaken_ThereIsNoneUntilOneComesBack()
    {
        Component.Linux();
        using var pipes = new PipePool(2);
        var (first, second) = (pipes.TryTake(), pipes.TryTake());
        Assert.NotNull(first);
        Assert.NotNull(second);
        Assert.Null(pipes.TryTake());
        pipes.Return(first);
        Assert.Same(first, pipes.TryTake());
        Assert.Null(pipes.TryTake());
        pipes.Discard(second);
        var third = pipes.TryTake();
        Assert.NotNull(third);
        pipes.Return(first);
        pipes.Return(third);
    }

    private static EventLoop Start()
    {
        Component.Linux();
        return EventLoop.TryStart() ?? throw new InvalidOperationException("This kernel has no epoll.");
    }
}
