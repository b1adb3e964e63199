using System.Diagnostics;
using Dewy.Engine.Deployment;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Deployment;

/// <summary>
/// Another process that uses the engine: this test program started again, running one of the explicit tests below, which
/// no ordinary run includes. So what two processes do to each other, and what SIGKILL leaves, is tried on the real code.
/// </summary>
public sealed class EngineProcess
{
    internal const string HoldLock = nameof(HoldLockUntilKilled);
    internal const string Update = nameof(UpdateStateTimes);
    internal const string WriteForever = nameof(WriteUntilKilled);

    private const string RootVariable = "DEWY_TEST_CHILD_ROOT";
    private const string TimesVariable = "DEWY_TEST_CHILD_TIMES";

    /// <summary>A .NET test program takes a second to start, on a busy machine several.</summary>
    internal static TimeSpan StartLimit { get; } = TimeSpan.FromSeconds(90);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts one of the roles; its output is passed over.</summary>
    internal static Process Start(string role, string root, int times = 0)
    {
        var assembly = typeof(EngineProcess).Assembly.Location;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [assembly, "-explicit", "only", "-method", $"{typeof(EngineProcess).FullName}.{role}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[RootVariable] = root;
        start.Environment[TimesVariable] = $"{times}";
        var process = Process.Start(start)!; // null only with UseShellExecute
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    [Fact(Explicit = true)]
    public async Task HoldLockUntilKilled()
    {
        using var held = await RootLock.AcquireAsync(OpenRoot().Layout, RootLock.AgentPurpose, TimeProvider.System, Token);
        await Task.Delay(TimeSpan.FromMinutes(5), Token);
    }

    [Fact(Explicit = true)]
    public async Task UpdateStateTimes()
    {
        var root = OpenRoot();
        var times = int.Parse(Environment.GetEnvironmentVariable(TimesVariable) ?? "0");
        for (var i = 0; i < times; i++)
            await root.State.UpdateAsync(Count, Token);
    }

    [Fact(Explicit = true)]
    public async Task WriteUntilKilled()
    {
        var root = OpenRoot();
        for (var i = 0; !Token.IsCancellationRequested; i++)
        {
            await root.State.UpdateAsync(Count, Token);
            await root.History.AppendAsync(DeploymentNumbered(i), Token);
        }
    }

    /// <summary>Counts in a member nobody else uses here.</summary>
    internal static RootState Count(RootState state) => state with { NewestTag = $"{CountOf(state) + 1}" };

    internal static int CountOf(RootState state) => int.Parse(state.NewestTag ?? "0");

    private static Dewy.Deployment DeploymentNumbered(int number) => new()
    {
        Id = $"{Environment.ProcessId}-{number}",
        Mode = DeploymentMode.Assets,
        Tag = $"v{number}",
        Result = DeploymentResult.Failed,
        Error = new DeploymentError { Code = ErrorCode.Unexpected, Message = new string('x', 3000) },
        StartedAt = DateTimeOffset.UnixEpoch,
        FinishedAt = DateTimeOffset.UnixEpoch,
        RequestedBy = "test",
    };

    private static DeploymentRoot OpenRoot()
    {
        var root = Environment.GetEnvironmentVariable(RootVariable);
        Component.Require("child", root is not null, "this is the other process of other tests and does nothing by itself");
        return new DeploymentRoot(root!, new RecordingEventSink(), TimeProvider.System); // required the line before
    }
}
