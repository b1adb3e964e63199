using System.Diagnostics;
using Dewy.Engine.Deployment;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Deployment;

public sealed class RootLockTests : IDisposable
{
    private readonly RootFixture _fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RootLayout Layout => _fixture.Root.Layout;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task AcquireAsync_HeldInThisProcess_IsRootLockedNamingPidAndSince()
    {
        using var held = await AcquireAsync();

        var failure = await Assert.ThrowsAsync<DewyException>(AcquireAsync);

        Assert.Equal((ErrorCode.RootLocked, ExitCode.Locked), (failure.Code, failure.ExitCode));
        Assert.Contains($"process {Environment.ProcessId}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("2026-01-15 10:30:45 UTC", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.NextStep);
    }

    [Fact]
    public async Task Dispose_Held_LetsTheNextOneIn()
    {
        (await AcquireAsync()).Dispose();

        using var next = await AcquireAsync();

        Assert.Equal(Environment.ProcessId, RootLock.TryReadHolder(Layout)?.ProcessId);
    }

    [Fact]
    public async Task TryReadHolder_HeldByAgent_TellsPidSinceAndPurpose()
    {
        using var held = await AcquireAsync();

        var holder = RootLock.TryReadHolder(Layout);

        Assert.Equal(new RootLockHolder { ProcessId = Environment.ProcessId, Since = _fixture.Time.GetUtcNow(), Purpose = "agent" }, holder);
        Assert.True(holder?.IsAgent);
    }

    [Fact]
    public async Task TryReadHolder_LockFileOfAnEndedHolder_IsNull()
    {
        Assert.Null(RootLock.TryReadHolder(Layout));
        (await AcquireAsync()).Dispose();

        Assert.True(File.Exists(Layout.LockFile));
        Assert.Null(RootLock.TryReadHolder(Layout));
    }

    [Fact]
    public async Task AcquireAsync_WhileOthersKeepAsking_IsNotMistakenForTaken()
    {
        using var done = new CancellationTokenSource();
        (await AcquireAsync()).Dispose();
        var asking = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
                _ = RootLock.TryReadHolder(Layout);
        }, Token);

        for (var i = 0; i < 100; i++)
            (await AcquireAsync()).Dispose();

        await done.CancelAsync();
        await asking;
    }

    [Fact]
    public async Task AcquireAsync_HolderKilled_IsFreeAgain()
    {
        using var holder = EngineProcess.Start(EngineProcess.HoldLock, _fixture.Path);
        await Eventually.IsTrueAsync(() => RootLock.TryReadHolder(Layout) is { ProcessId: not null }, "the other process holds the lock", EngineProcess.StartLimit);
        var failure = await Assert.ThrowsAsync<DewyException>(AcquireAsync);
        Assert.Contains($"process {holder.Id}", failure.Message, StringComparison.Ordinal);

        holder.Kill();
        await holder.WaitForExitAsync(Token);

        using var held = await AcquireAsync();
        Assert.Equal(Environment.ProcessId, RootLock.TryReadHolder(Layout)?.ProcessId);
    }

    [Fact]
    public async Task AcquireAsync_ChildStarted_DoesNotInheritTheLock()
    {
        Component.Linux();
        var held = await AcquireAsync();
        using var child = Process.Start(new ProcessStartInfo("sleep", "60"))!; // null only with UseShellExecute
        try
        {
            await Eventually.IsTrueAsync(() => File.ReadAllText($"/proc/{child.Id}/cmdline").StartsWith("sleep", StringComparison.Ordinal), "the child has begun");

            var descriptors = Directory.EnumerateFiles($"/proc/{child.Id}/fd").Select(path => new FileInfo(path).LinkTarget);

            Assert.DoesNotContain(Layout.LockFile, descriptors);
            held.Dispose();
            Assert.Null(RootLock.TryReadHolder(Layout));
        }
        finally
        {
            child.Kill();
            held.Dispose();
        }
    }

    [Fact]
    public async Task AcquireAsync_FullDisk_IsGranted()
    {
        using var disk = new SmallFileSystem(kibibytes: 64);
        var layout = new RootLayout(disk.Path);
        layout.EnsureCreated();
        disk.Fill();

        using var held = await RootLock.AcquireAsync(layout, RootLock.AgentPurpose, _fixture.Time, Token);

        Assert.NotNull(RootLock.TryReadHolder(layout));
    }

    [Fact]
    public async Task AcquireAsync_ReadOnlyFileSystem_IsRootReadOnly()
    {
        using var disk = new SmallFileSystem(kibibytes: 64);
        var layout = new RootLayout(disk.Path);
        layout.EnsureCreated();
        disk.MakeReadOnly();

        var failure = await Assert.ThrowsAsync<DewyException>(() => RootLock.AcquireAsync(layout, RootLock.AgentPurpose, _fixture.Time, Token));

        Assert.Equal(ErrorCode.RootReadOnly, failure.Code);
    }

    private Task<RootLock> AcquireAsync() => RootLock.AcquireAsync(Layout, RootLock.AgentPurpose, _fixture.Time, Token);
}
