using System.Diagnostics;
using Dewy.Engine.Deployment;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Checks;

public sealed class RootCheckTests : IDisposable
{
    private readonly CheckedHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Check_EverythingIsFine_PassesAndChangesNothing()
    {
        Component.Linux();
        _host.Write("root/shared/app.json", "{}");
        var before = _host.Snapshot();

        var checks = await _host.CheckAsync(("shared", "app.json"), ("after-deploy-hook", "true"), ("log-file", _host.Combine("log", "dewy.log")));

        Assert.Equal(
            ["options", "root", "agent", "state", "space", "shared", "log", "registry", "release", "clock", "cache", "after-deploy-hook"],
            checks.Select(check => check.Name));
        Assert.All(checks, check => Assert.True(check.Result is CheckResult.Passed || check.Name is "clock", $"{check}"));
        Assert.All(checks, check => Assert.Equal("releases", check.Application));
        Assert.Equal(before, _host.Snapshot());
    }

    [Fact]
    public async Task Check_NoRootYet_PassesAndCreatesNone()
    {
        Component.Linux();
        var before = _host.Snapshot();

        var checks = await _host.CheckAsync(("shared", "uploads/"));

        Assert.All(checks, check => Assert.True(check.Result is not CheckResult.Failed, $"{check}"));
        Assert.False(Directory.Exists(_host.Root));
        Assert.Equal(before, _host.Snapshot());
    }

    [Fact]
    public async Task Check_RootThatRuns_PassesAndChangesNothing()
    {
        Component.Linux();
        var layout = new RootLayout(_host.Root);
        layout.EnsureCreated();
        using var held = await RootLock.AcquireAsync(layout, RootLock.AgentPurpose, TimeProvider.System, Token);
        var before = _host.Snapshot();

        var checks = await _host.CheckAsync();

        Assert.Contains($"process {Environment.ProcessId}", checks.Single(check => check.Name == "agent").Message, StringComparison.Ordinal);
        Assert.All(checks, check => Assert.NotEqual(CheckResult.Failed, check.Result));
        Assert.Equal(before, _host.Snapshot());
    }

    [Fact]
    public async Task Check_CommandHoldsTheRoot_IsAWarning()
    {
        var layout = new RootLayout(_host.Root);
        layout.EnsureCreated();
        using var held = await RootLock.AcquireAsync(layout, "rollback", TimeProvider.System, Token);

        var check = await _host.CheckOneAsync("agent");

        Assert.Equal(CheckResult.Warning, check.Result);
        Assert.Contains("dewy rollback is at work", check.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("file/below/it")]
    public async Task Check_RootIsOrWouldBeBelowAFile_Fails(string root)
    {
        _host.Write("file", "");

        var check = await _host.CheckOneAsync("root", ("root", _host.Combine(root)));

        Assert.Equal((CheckResult.Failed, ErrorCode.InvalidOption), (check.Result, check.Code));
        Assert.NotNull(check.NextStep);
    }

    [Fact]
    public async Task Check_ReadOnlyFileSystem_Fails()
    {
        Component.LinuxRoot();
        var mount = Directory.CreateDirectory(_host.Combine("mount")).FullName;
        Component.Require("tmpfs", Run("mount", "-t", "tmpfs", "-o", "ro", "dewy-test", mount) == 0, "a tmpfs cannot be mounted");
        try
        {
            var check = await _host.CheckOneAsync("root", ("root", Path.Combine(mount, "root")));

            Assert.Equal((CheckResult.Failed, ErrorCode.RootReadOnly), (check.Result, check.Code));
        }
        finally
        {
            Run("umount", "-l", mount);
        }
    }

    [Fact]
    public async Task Check_DamagedState_IsAWarningAndLeftAsItIs()
    {
        _host.Write("root/.dewy/state.json", "{ nonsense");
        var before = _host.Snapshot();

        var check = await _host.CheckOneAsync("state");

        Assert.Equal(CheckResult.Warning, check.Result);
        Assert.Equal(before, _host.Snapshot());
    }

    [Fact]
    public async Task Check_DeployingIsPaused_IsAWarning()
    {
        var root = new DeploymentRoot(_host.Root, new RecordingEventSink(), TimeProvider.System);
        root.Layout.EnsureCreated();
        await root.State.UpdateAsync(state => state.PausedBy("carol", DateTimeOffset.UtcNow), Token);

        var check = await _host.CheckOneAsync("state");

        Assert.Equal(CheckResult.Warning, check.Result);
        Assert.Contains("by carol", check.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_LessRoomThanArtifactsMayHave_IsAWarning() =>
        Assert.Equal(CheckResult.Warning, (await _host.CheckOneAsync("space", ("max-artifact-size", "900000TB"))).Result);

    [Fact]
    public async Task Check_SharedFileIsMissing_FailsWithThePath()
    {
        var check = await _host.CheckOneAsync("shared", ("shared", "config/app.json"), ("shared", "log/"));

        Assert.Equal((CheckResult.Failed, ErrorCode.SharedFileMissing, ExitCode.Failed), (check.Result, check.Code, check.ExitCode));
        Assert.Contains(Path.Combine(_host.Root, "shared", "config", "app.json"), check.NextStep, StringComparison.Ordinal);
        Assert.DoesNotContain("log/", check.Message, StringComparison.Ordinal);
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true });
        process?.WaitForExit();
        return process?.ExitCode ?? 1;
    }
}
