using System.Management.Automation;
using Dewy.PowerShell.Tests.Hosting;
using Dewy.Tests;
using Xunit;

namespace Dewy.PowerShell.Tests.Cmdlets;

public sealed class DeployTests : IDisposable
{
    private readonly FakeEngine _engine = new();
    private readonly DewyRunspace _session;

    public DeployTests() => _session = new DewyRunspace(_engine);

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Parameters_OfEveryForm_BecomeOptionsTheEngineReads()
    {
        _session.Invoke("""
            Invoke-DewyDeploy -Registry file:///registry -Root /app -Command ./current/app, --verbose, '' -Port 8000, 8100-8103 -HealthPath /health `
                -HealthTimeoutSec 45 -WatchTimeSec 0 -NoRollback -MaxArtifactSize 2GB -VerifyChecksum Required -OnHookFailure Abort `
                -OnExit Leave -Overlap:$false -Window 'Mon-Fri 09:00-17:00' -KeepReleases 3 -MinAgeSec 60 -StopSignal QUIT
            """);

        var options = Assert.Single(_engine.Asked);
        Assert.Equal(["./current/app", "--verbose", ""], options.Values("command"));
        Assert.Equal(["8000", "8100-8103"], options.Values("port"));
        Assert.Equal(["/health"], options.Values("health-path"));
        Assert.Equal(["45s"], options.Values("health-timeout"));
        Assert.Equal(["0s"], options.Values("watch-time"));
        Assert.Equal(["60s"], options.Values("min-age"));
        Assert.Equal(["true"], options.Values("no-rollback"));
        Assert.Equal(["2147483648"], options.Values("max-artifact-size"));
        Assert.Equal(["required"], options.Values("verify-checksum"));
        Assert.Equal(["abort"], options.Values("on-hook-failure"));
        Assert.Equal(["leave"], options.Values("on-exit"));
        Assert.Equal(["QUIT"], options.Values("stop-signal"));
        Assert.Equal(["Mon-Fri 09:00-17:00"], options.Values("window"));
        Assert.Equal(["3"], options.Values("keep-releases"));
        Assert.Equal(["server"], options.Values("mode"));
        Assert.False(options.Contains("overlap"));
        Assert.False(options.Contains("grace-period"));
        Assert.Equal("-HealthTimeoutSec", options.Origin("health-timeout"));
    }

    [Theory]
    [InlineData("-Registry file:///registry", "assets")]
    [InlineData("-Registry file:///registry -Command app", "server")]
    [InlineData("-Registry img://host/app", "container")]
    [InlineData("-Registry file:///registry -Mode Server", "server")]
    public void Mode_LeftOut_IsFoundOut(string parameters, string mode)
    {
        _session.Invoke("Invoke-DewyDeploy " + parameters);

        Assert.Equal([mode], Assert.Single(_engine.Asked).Values("mode"));
    }

    [Fact]
    public void Root_LeftOut_IsTheSessionsLocationNotTheProcesss()
    {
        using var directory = new TemporaryDirectory();
        _session.Runspace.SessionStateProxy.Path.SetLocation(directory.Path);

        _session.Invoke("Invoke-DewyDeploy -Registry file://./registry -Command ./current/app -VerifyKey key.pub -Cache cache -LogDir ./log");

        var options = Assert.Single(_engine.Asked);
        Assert.Equal([directory.Path], options.Values("root"));
        Assert.Equal([directory.Combine("key.pub")], options.Values("verify-key"));
        Assert.Equal([directory.Combine("cache")], options.Values("cache"));
        Assert.Equal([directory.Combine("log")], options.Values("log-dir"));
        var registry = new Uri(Assert.Single(options.Values("registry")));
        Assert.Equal(directory.Combine("registry"), registry.LocalPath);
    }

    [Fact]
    public void Root_OfAnotherProvider_IsAnInvalidOption() =>
        Assert.StartsWith("InvalidOption,", _session.InvokeForError("Invoke-DewyDeploy file:///registry -Root Env:/x").FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void WhatIf_PlanWithSteps_TellsThemAndReturnsThePlan()
    {
        _engine.Plan = _engine.Plan with { Steps = [new PlanStep("fetch", "myapp.tar.gz"), new PlanStep("switch", "current")] };

        var plan = Assert.IsType<DeploymentPlan>(Assert.Single(_session.Invoke("Invoke-DewyDeploy file:///registry -Force -WhatIf")).BaseObject);

        Assert.Equal(["fetch", "switch"], plan.Steps.Select(step => step.Name), StringComparer.Ordinal);
        Assert.Equal("plan by force", Assert.Single(_engine.Calls));
    }

    [Fact]
    public void WhatIf_Preference_CountsAsWell()
    {
        _session.Invoke("$WhatIfPreference = $true; Invoke-DewyDeploy file:///registry");

        Assert.Equal("plan", Assert.Single(_engine.Calls));
    }

    [Fact]
    public void Deploy_NothingToDo_WritesNothing()
    {
        _engine.OnDeploy = (_, _, _, _) => Task.FromResult<Deployment?>(null);

        Assert.Empty(_session.Invoke("Invoke-DewyDeploy file:///registry -Force"));
        Assert.Equal("deploy by force", Assert.Single(_engine.Calls));
    }

    [Fact]
    public void Deploy_Tag_IsPinnedAndDeployedOnce()
    {
        var deployment = Assert.Single(_session.Invoke("Invoke-DewyDeploy file:///registry -Tag v1.2.2"));

        Assert.Equal("v1.2.2", ((Deployment)deployment.BaseObject).Tag);
        Assert.Equal("pin v1.2.2", Assert.Single(_engine.Calls));
    }

    [Fact]
    public void Deploy_TagWithoutAnAgent_IsPinnedAndThenDeployedHere()
    {
        _engine.OnPin = _ => Task.FromResult<Deployment?>(null);

        Assert.Single(_session.Invoke("Invoke-DewyDeploy file:///registry -Tag v1.2.2"));
        Assert.Equal(["pin v1.2.2", "deploy"], _engine.Calls);
    }

    [Fact]
    public void Deploy_Throws_IsATerminatingErrorWithEveryFact()
    {
        _engine.OnDeploy = (_, _, _, _) => throw new DewyException(ErrorCode.ChecksumMismatch, "myapp.tar.gz is not what was published.") { Target = "myapp.tar.gz", NextStep = "Publish it again." };

        var output = _session.Invoke("try { Invoke-DewyDeploy file:///registry } catch { $_ }");

        var error = Assert.IsType<ErrorRecord>(Assert.Single(output).BaseObject);
        Assert.Equal("ChecksumMismatch,Dewy.PowerShell.Cmdlets.InvokeDewyDeployCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.SecurityError, error.CategoryInfo.Category);
        Assert.Equal("myapp.tar.gz", error.TargetObject);
        Assert.Equal("Publish it again.", error.ErrorDetails.RecommendedAction);
        Assert.IsType<DewyException>(error.Exception);
    }

    [Fact]
    public void Deploy_EndsUnhealthy_WritesTheDeploymentAndAnError()
    {
        _engine.OnDeploy = (_, _, _, _) => Task.FromResult<Deployment?>(Samples.Deployment(result: DeploymentResult.RolledBack));
        using var shell = _session.Shell("Invoke-DewyDeploy file:///registry");

        var output = shell.Invoke();

        Assert.IsType<Deployment>(Assert.Single(output).BaseObject);
        Assert.StartsWith("HealthCheckFailed,", Assert.Single(shell.Streams.Error).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Deploy_ShowsProgressAndLog()
    {
        _engine.OnDeploy = (_, _, events, _) =>
        {
            events.Publish(new DownloadProgressed("v1--a", 1, 4));
            events.Publish(new CurrentSwitched("/root/releases/1", "/root/current"));
            events.Publish(new AttentionNeeded("Look at this.", null, null));
            return Task.FromResult<Deployment?>(null);
        };
        using var shell = _session.Shell("Invoke-DewyDeploy file:///registry -Verbose");

        shell.Invoke();

        Assert.Contains(shell.Streams.Progress, record => record.PercentComplete == 25);
        Assert.Equal(ProgressRecordType.Completed, shell.Streams.Progress[^1].RecordType);
        Assert.Contains(shell.Streams.Verbose, record => record.Message.Contains("/root/current", StringComparison.Ordinal));
        Assert.Equal("Look at this.", Assert.Single(shell.Streams.Warning).Message);
    }

    [Fact]
    public async Task CtrlC_WhileDeploying_WaitsForTheEngineToEnd()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cleanedUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _engine.OnDeploy = async (_, _, _, cancellationToken) =>
        {
            await using var registration = cancellationToken.Register(() => cancelled.SetResult());
            begun.SetResult();
            await cancelled.Task;
            await cleanedUp.Task;
            throw new OperationCanceledException(cancellationToken);
        };
        using var shell = _session.Shell("Invoke-DewyDeploy file:///registry");
        var running = shell.InvokeAsync();
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        var stopping = Task.Run(shell.Stop, TestContext.Current.CancellationToken);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.False(stopping.IsCompleted);
        cleanedUp.SetResult();
        await stopping.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<RuntimeException>(() => running);
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
    }

    [Fact]
    public void NextStep_FlagsOfTheCommandLine_AreParameters()
    {
        const string Advice = "Raise --health-timeout, choose another --root, or read about --user and --long=27.";
        _engine.OnDeploy = (_, _, _, _) => throw new DewyException(ErrorCode.HealthCheckFailed, "It wrote: use --health-timeout.") { NextStep = Advice };
        _engine.History = [Samples.Deployment(result: DeploymentResult.Failed) with { Error = new DeploymentError { Code = ErrorCode.HealthCheckFailed, Message = "", NextStep = Advice } }];

        var error = _session.InvokeForError("Invoke-DewyDeploy file:///registry");
        var kept = _session.Invoke("(Get-DewyDeployment).Error.NextStep").Single().BaseObject;

        Assert.Equal("It wrote: use --health-timeout.", error.ErrorDetails.Message);
        Assert.Equal("Raise -HealthTimeoutSec, choose another -Root, or read about --user and --long=27.", error.ErrorDetails.RecommendedAction);
        Assert.Equal(error.ErrorDetails.RecommendedAction, kept);
    }

    [Fact]
    public void Hook_ScriptBlock_BecomesACommandLineOfPwsh()
    {
        _session.Invoke("Invoke-DewyDeploy file:///registry -BeforeDeployHook { 'It is ' + $env:DEWY_TAG } -AfterDeployHook 'echo done'");

        var options = Assert.Single(_engine.Asked);
        Assert.Equal(["echo done"], options.Values("after-deploy-hook"));
        var hook = Assert.Single(options.Values("before-deploy-hook"));
        if (OperatingSystem.IsWindows())
            Assert.Equal("'It is ' + $env:DEWY_TAG", hook.Trim());
        else
            Assert.Matches("""^'\S*pwsh' -NoLogo -NoProfile -NonInteractive -Command ' '\\''It is '\\'' \+ \$env:DEWY_TAG '$""", hook);
    }

    [Fact]
    public void Undo_DeploymentFromThePipeline_GoesBackToItsTag()
    {
        _session.Invoke("$deployment | Undo-DewyDeploy -UntilNewer", ("deployment", Samples.Deployment("v1.0.0")));

        Assert.Equal("roll back to v1.0.0 until newer", Assert.Single(_engine.Calls));
        Assert.Equal("/root", Assert.Single(_engine.Asked).Values("root")[^1]);
    }

    [Fact]
    public void GetDeployment_Filters_FitTheirWords()
    {
        _engine.History =
        [
            Samples.Deployment("v2", "2"),
            Samples.Deployment("v1", "1", DeploymentResult.Failed),
        ];

        Assert.Equal(2, _session.Invoke("Get-DewyDeployment").Count);
        Assert.Equal("2", Single("Get-DewyDeployment -First 1"));
        Assert.Equal("1", Single("Get-DewyDeployment -Result Failed"));
        Assert.Equal("2", Single("Get-DewyDeployment -Tag v2*"));
        Assert.Equal("1", Single("Get-DewyDeployment 1"));
        Assert.Empty(_session.Invoke("Get-DewyDeployment 9*"));
        Assert.Equal(ErrorCategory.ObjectNotFound, _session.InvokeForError("Get-DewyDeployment 9").CategoryInfo.Category);
    }

    [Fact]
    public void GetAgent_RootWithAgentOfAnotherProcess_IsItsStatus() =>
        Assert.Equal("/root", Assert.IsType<AgentStatus>(Assert.Single(_session.Invoke("Get-DewyAgent -Root /root")).BaseObject).Root);

    [Fact]
    public void GetAgent_InSession_IsTheStatusOfItsJobs()
    {
        _session.Invoke("Start-DewyAgent file:///registry -Root /root");
        _session.Runspace.SessionStateProxy.Path.SetLocation("/");
        _engine.Status = _engine.Status with { Current = null, LastDeployment = null };

        Assert.Equal(AgentState.Idle, Assert.IsType<AgentStatus>(Assert.Single(_session.Invoke("Get-DewyAgent")).BaseObject).State);
        Assert.Empty(_session.Invoke("Get-DewyAgent -Name other*"));
        Assert.Equal(ErrorCategory.ObjectNotFound, _session.InvokeForError("Get-DewyAgent -Name other").CategoryInfo.Category);
    }

    [Fact]
    public void GetReplica_Filters_ShowWhatFits()
    {
        _engine.Status = _engine.Status with { Replicas = [Samples.Replica(0), Samples.Replica(1, ReplicaState.Unhealthy), Samples.Replica(2)] };

        Assert.Equal(3, _session.Invoke("Get-DewyReplica -Root /root").Count);
        Assert.Equal("myapp-1893585600-1", ReplicaOf("Get-DewyReplica -Root /root -State Unhealthy").Name);
        Assert.Equal(2, ReplicaOf("Get-DewyReplica -Root /root -Name *-2").Number);
        Assert.Equal(2, _session.Invoke("Get-DewyReplica -Root /root -State Healthy, Draining").Count);
        Assert.Equal(3, _session.Invoke("Get-DewyAgent -Root /root | Get-DewyReplica").Count);
        Assert.Empty(_session.Invoke("Get-DewyReplica -Root /root -Name other*"));
    }

    [Fact]
    public void GetReplica_UnknownName_IsNotFound()
    {
        var error = _session.InvokeForError("Get-DewyReplica -Root /root -Name other");

        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.StartsWith("ReplicaNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void StartAgent_AdminPort_ReachesTheEngine()
    {
        _session.Invoke("Start-DewyAgent file:///registry -Root /root -AdminPort 0");

        Assert.Equal(["0"], Assert.Single(_engine.Asked).Values("admin-port"));
    }

    [Fact]
    public void SuspendAndResume_RootsFromThePipeline_ReachEach()
    {
        _session.Invoke("[pscustomobject]@{ Root = '/one' }, [pscustomobject]@{ Root = '/two' } | Suspend-DewyAgent; Resume-DewyAgent -Root /one -PassThru");

        Assert.Equal(["pause /one", "pause /two", "resume /one"], _engine.Calls, StringComparer.Ordinal);
    }

    private string Single(string script) => ((Deployment)Assert.Single(_session.Invoke(script)).BaseObject).Id;

    private Replica ReplicaOf(string script) => Assert.IsType<Replica>(Assert.Single(_session.Invoke(script)).BaseObject);
}
