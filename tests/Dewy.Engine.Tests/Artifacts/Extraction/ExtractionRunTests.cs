using Dewy.Engine.Artifacts.Extraction;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Extraction;

/// <summary>Progress, cancellation, and disks that refuse.</summary>
public sealed class ExtractionRunTests
{
    [Fact]
    public async Task ExtractAsync_LongRun_ReportsProgressAtMostFiveTimesASecond()
    {
        using var extraction = new Extraction();
        var time = new SteppingTimeProvider(TimeSpan.FromMilliseconds(10));
        extraction.Time = time;
        var archive = new TarBytes();
        for (var i = 0; i < 200; i++)
            archive.File($"f{i}");

        await extraction.RunAsync("a.tar", archive.End());

        var reports = extraction.Events.Of<ExtractionProgressed>().ToList();
        Assert.NotEmpty(reports);
        Assert.All(reports.Zip(reports.Skip(1)), pair => Assert.True(pair.Second.Time - pair.First.Time >= ExtractionProgress.Interval));
        Assert.Equal(reports.Select(report => report.Entries).Order(), reports.Select(report => report.Entries));
        Assert.All(reports, report => Assert.Equal(extraction.Destination, report.Path));
    }

    [Fact]
    public async Task ExtractAsync_CancelledOnTheWay_EndsWithCancellation()
    {
        using var extraction = new Extraction();
        using var cancellation = new CancellationTokenSource();
        extraction.Time = new SteppingTimeProvider(TimeSpan.FromSeconds(1), afterSteps: 40, () => cancellation.Cancel());
        var archive = new TarBytes();
        for (var i = 0; i < 5000; i++)
            archive.File($"f{i}");

        var run = extraction.RunAsync(extraction.Write("a.tar", archive.End()), cancellationToken: cancellation.Token);

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(cancellation.Token, cancelled.CancellationToken);
        Assert.InRange(Directory.GetFiles(extraction.Destination).Length, 0, 4000);
    }

    [Fact]
    public async Task ExtractAsync_CancelledBefore_EndsWithCancellation()
    {
        using var extraction = new Extraction();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => extraction.RunAsync(extraction.Write("a.tar", new TarBytes().File("f").End()), cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task ExtractAsync_FullDisk_SaysSo()
    {
        Component.LinuxRoot();
        using var extraction = new Extraction();
        await Tool.RunAsync(extraction.Base, $"mount -t tmpfs -o size=1m none '{extraction.Destination}'", "mount");
        try
        {
            var archive = new TarBytes().Add("fits", '0', SampleTree.Content(300_000)).Add("too-large", '0', SampleTree.Content(3_000_000)).End();

            var refusal = await extraction.RefuseAsync("a.tar", archive);

            Assert.Equal(ErrorCode.DiskFull, refusal.Code);
            Assert.Equal(extraction.Extracted("too-large"), refusal.Target);
        }
        finally
        {
            await Tool.RunAsync(extraction.Base, $"umount '{extraction.Destination}'");
        }
    }

    [Fact]
    public async Task ExtractAsync_ReadOnlyFileSystem_SaysSo()
    {
        Component.LinuxRoot();
        using var extraction = new Extraction();
        await Tool.RunAsync(extraction.Base, $"mount -t tmpfs -o ro none '{extraction.Destination}'", "mount");
        try
        {
            var refusal = await extraction.RefuseAsync("a.tar", new TarBytes().File("f").End());

            Assert.Equal(ErrorCode.RootReadOnly, refusal.Code);
        }
        finally
        {
            await Tool.RunAsync(extraction.Base, $"umount '{extraction.Destination}'");
        }
    }

    // Time goes on with every look at it.
    private sealed class SteppingTimeProvider(TimeSpan step, int afterSteps = int.MaxValue, Action? then = null) : TimeProvider
    {
        private long _ticks;
        private int _steps;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp()
        {
            if (Interlocked.Increment(ref _steps) == afterSteps)
                then?.Invoke();
            return Interlocked.Add(ref _ticks, step.Ticks);
        }

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(Interlocked.Read(ref _ticks));
    }
}
