using System.Management.Automation;
using Dewy.PowerShell.Jobs;
using Dewy.PowerShell.Session;
using Dewy.PowerShell.Tests.Hosting;
using Dewy.Tests;
using Xunit;

namespace Dewy.PowerShell.Tests.Jobs;

/// <summary>The contract that <c>Get-Job</c>, <c>Receive-Job</c>, <c>Wait-Job</c>, <c>Stop-Job</c> and <c>Remove-Job</c> rely on.</summary>
public sealed class AgentJobTests : IDisposable
{
    private readonly FakeEngine _engine = new();
    private readonly DewyRunspace _session;
    private FakeAgent? _agent;

    public AgentJobTests()
    {
        _engine.OnCreateAgent = (_, events) => _agent = new FakeAgent(events);
        _session = new DewyRunspace(_engine);
    }

    private FakeAgent Agent => _agent ?? throw new InvalidOperationException("No agent was made.");

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Start_AgentHoldsItsRoot_IsARunningJobThatGetJobFinds()
    {
        var job = Start();

        Assert.Equal(JobState.Running, job.JobStateInfo.State);
        Assert.Equal("DewyAgent", job.PSJobTypeName);
        Assert.Equal("myapp", job.Name);
        Assert.Same(job, _session.Invoke("Get-Job -Name myapp").Single().BaseObject);
        Assert.Same(job, _session.Invoke($"Get-Job -Id {job.Id}").Single().BaseObject);
        Assert.Same(job, _session.Invoke($"Get-Job -InstanceId {job.InstanceId}").Single().BaseObject);
        Assert.Same(job, _session.Invoke("Get-Job -State Running").Single().BaseObject);
        Assert.Empty(_session.Invoke("Get-Job -Name other*"));
    }

    [Fact]
    public void Start_RootIsLocked_IsATerminatingErrorAndLeavesNoJob()
    {
        _engine.OnCreateAgent = (_, events) => _agent = new FakeAgent(events)
        {
            FailsToStart = new DewyException(ErrorCode.RootLocked, "Process 42 holds the root.") { Target = "/root", NextStep = "Stop process 42." },
        };

        var error = _session.InvokeForError("Start-DewyAgent -Registry file:///registry");

        Assert.Equal("RootLocked,Dewy.PowerShell.Cmdlets.StartDewyAgentCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceBusy, error.CategoryInfo.Category);
        Assert.Equal("/root", error.TargetObject);
        Assert.Equal("Stop process 42.", error.ErrorDetails.RecommendedAction);
        Assert.Empty(_session.Invoke("Get-Job"));
        Assert.True(Agent.Disposed);
    }

    [Fact]
    public void Start_OptionsAreWrong_IsATerminatingErrorAndLeavesNoJob()
    {
        _engine.OnCreateAgent = (_, _) => throw new DewyException(ErrorCode.InvalidOption, "-HealthPath is wrong.");

        Assert.StartsWith("InvalidOption,", _session.InvokeForError("Start-DewyAgent -Registry file:///registry").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(_session.Invoke("Get-Job"));
    }

    [Fact]
    public void Start_WhatIf_MakesNoAgent()
    {
        Assert.Empty(_session.Invoke("Start-DewyAgent -Registry file:///registry -WhatIf"));

        Assert.Null(_agent);
    }

    [Fact]
    public void Receive_Deployments_AreTheOutputAndOnlyThose()
    {
        var job = Start();
        Agent.Events.Publish(new DeploymentStarted("1", "v1.1.0", "v1.0.0", "agent"));
        Agent.Events.Publish(new RegistryPolled("file:///registry", PollOutcome.Changed, TimeSpan.FromSeconds(1)));
        Agent.Events.Publish(new DeploymentEnded(Samples.Deployment()));

        Assert.True(job.HasMoreData);
        Assert.Equal("v1.1.0", Assert.IsType<Deployment>(_session.Invoke($"Receive-Job -Id {job.Id}").Single().BaseObject).Tag);
        Assert.Empty(_session.Invoke($"Receive-Job -Id {job.Id}"));
        Assert.False(job.HasMoreData);
    }

    [Fact]
    public void Receive_Streams_HaveMilestonesAndLogsApart()
    {
        Start();
        Agent.Events.Publish(new DeploymentStarted("1", "v1.1.0", "v1.0.0", "agent"));
        Agent.Events.Publish(new CurrentSwitched("/root/releases/1", "/root/current"));
        Agent.Events.Publish(new DeploySkipped("v1.1.0", "v1.1.0 is live"));
        Agent.Events.Publish(new AttentionNeeded("Disk is nearly full.", "/", "Make room."));
        using var shell = _session.Shell("Receive-Job -Name myapp -Verbose -Debug -InformationAction Continue");

        shell.Invoke();

        Assert.Contains(shell.Streams.Information, record => $"{record.MessageData}".Contains("Deploying v1.1.0", StringComparison.Ordinal));
        Assert.Contains(shell.Streams.Verbose, record => record.Message.Contains("/root/current", StringComparison.Ordinal));
        Assert.Contains(shell.Streams.Debug, record => record.Message.StartsWith("Deploy skipped", StringComparison.Ordinal));
        Assert.Contains(shell.Streams.Warning, record => record.Message.Contains("Make room.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Receive_Wait_ReturnsWhatComesLaterAndEndsWithTheJob()
    {
        Start();
        using var shell = _session.Shell("Receive-Job -Name myapp -Wait");
        using var output = new PSDataCollection<PSObject>();
        var waiting = shell.InvokeAsync<PSObject, PSObject>(null, output);
        Agent.Events.Publish(new DeploymentEnded(Samples.Deployment("v2.0.0")));

        await Eventually.IsTrueAsync(() => output.Count == 1, "the deployment is received while the job runs");
        Assert.False(waiting.IsCompleted);
        Agent.Events.Publish(new DeploymentEnded(Samples.Deployment("v2.0.1")));
        Agent.End();
        await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(["v2.0.0", "v2.0.1"], output.Select(item => ((Deployment)item.BaseObject).Tag), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Receive_WaitAndAutoRemove_RemovesTheJob()
    {
        Start();
        using var shell = _session.Shell("Receive-Job -Name myapp -Wait -AutoRemoveJob");
        var waiting = shell.InvokeAsync();
        Agent.End();

        await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Empty(_session.Invoke("Get-Job"));
    }

    [Fact]
    public async Task Wait_AgentEnds_ReturnsTheJobAsCompleted()
    {
        var job = Start();
        using var shell = _session.Shell("Wait-Job -Name myapp");
        var waiting = shell.InvokeAsync();
        Agent.End();

        var result = await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Same(job, result.Single().BaseObject);
        Assert.Equal(JobState.Completed, job.JobStateInfo.State);
        Assert.NotNull(job.PSEndTime);
    }

    [Fact]
    public void Stop_RunningAgent_EndsItAndTheJobIsStopped()
    {
        var job = Start();
        var states = new List<JobState>();
        job.StateChanged += (_, change) => states.Add(change.JobStateInfo.State);

        _session.Invoke("Stop-Job -Name myapp");

        Assert.Equal(JobState.Stopped, job.JobStateInfo.State);
        Assert.Equal([JobState.Stopping, JobState.Stopped], states);
        Assert.True(Agent.Disposed);
    }

    [Fact]
    public void Stop_StoppedAgent_ReturnsAtOnce()
    {
        Start();
        _session.Invoke("Stop-Job -Name myapp");

        _session.Invoke("Stop-Job -Name myapp");
    }

    [Fact]
    public async Task Stop_TwiceAtOnce_BothReturn()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _engine.OnCreateAgent = (_, events) => _agent = new FakeAgent(events) { StopWaitsFor = release.Task };
        var job = Start();
        var completed = 0;
        job.StopJobCompleted += (_, _) => Interlocked.Increment(ref completed);

        job.StopJobAsync();
        job.StopJobAsync();
        Assert.Equal(JobState.Stopping, job.JobStateInfo.State);
        release.SetResult();

        await Eventually.IsTrueAsync(() => completed == 2, "both are told");
    }

    [Fact]
    public void Remove_RunningAgentByForce_StopsAndForgetsIt()
    {
        Start();

        _session.Invoke("Remove-Job -Name myapp -Force");

        Assert.Empty(_session.Invoke("Get-Job"));
        Assert.True(Agent.Disposed);
        Assert.Empty(ModuleSession.Of(_session.Runspace).Agents);
    }

    [Fact]
    public void Remove_RunningAgentWithoutForce_IsAnErrorAndItGoesOn()
    {
        var job = Start();

        _session.InvokeForError("Remove-Job -Name myapp");

        Assert.Equal(JobState.Running, job.JobStateInfo.State);
    }

    [Fact]
    public async Task Fail_LaterOn_IsARichErrorRecordAndNoSecondReason()
    {
        var job = Start();
        Agent.EndWith(new DewyException(ErrorCode.RootCorrupt, "state.json cannot be read.") { Target = "/root/.dewy/state.json", NextStep = "Restore it." });
        await Eventually.IsTrueAsync(() => job.JobStateInfo.State == JobState.Failed, "the job has failed");
        using var shell = _session.Shell("Receive-Job -Name myapp");

        shell.Invoke();

        var error = Assert.Single(shell.Streams.Error);
        Assert.StartsWith("RootCorrupt", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("Restore it.", error.ErrorDetails.RecommendedAction);
        Assert.Null(job.JobStateInfo.Reason);
    }

    [Fact]
    public void CyclesFail_ManyTimes_AreThreeErrorsAndAWordThatMoreAreHeldBack()
    {
        Start();
        for (var failures = 1; failures <= 10; failures++)
            Agent.Events.Publish(new CycleFailed(new DeploymentError { Code = ErrorCode.RegistryUnavailable, Message = "It is down." }, failures, TimeSpan.FromSeconds(10)));
        using var shell = _session.Shell("Receive-Job -Name myapp");

        shell.Invoke();

        Assert.Equal(3, shell.Streams.Error.Count);
        Assert.Contains(shell.Streams.Warning, record => record.Message.Contains("3 cycles in a row", StringComparison.Ordinal));
    }

    [Fact]
    public void Feed_NobodyReceives_KeepsTheNewestAndCountsTheRest()
    {
        var job = Start();
        for (var number = 0; number < JobFeed.MostRecords + 5; number++)
            Agent.Events.Publish(new DeploymentEnded(Samples.Deployment($"v1.0.{number}")));

        Assert.Equal(JobFeed.MostRecords, job.Output.Count);
        Assert.Equal("v1.0.5", ((Deployment)job.Output[0].BaseObject).Tag);
        Assert.True(job.DroppedRecords >= 5);
    }

    [Fact]
    public void Feed_LateWriters_AreIgnored()
    {
        var job = Start();
        _session.Invoke("Stop-Job -Name myapp");
        var records = job.Output.Count;

        Agent.Events.Publish(new DeploymentEnded(Samples.Deployment()));
        _session.Invoke("Remove-Job -Name myapp");
        Agent.Events.Publish(new DeploymentEnded(Samples.Deployment()));

        Assert.Equal(0, records);
    }

    [Fact]
    public void StopDewyAgent_ByRootOfTheJob_StopsIt()
    {
        var job = Start();

        _session.Invoke("Get-Job -Name myapp | Stop-DewyAgent");

        Assert.Equal(JobState.Stopped, job.JobStateInfo.State);
    }

    [Fact]
    public void StopDewyAgent_ByName_StopsIt()
    {
        var job = Start();

        _session.Invoke("Stop-DewyAgent -Name my*");

        Assert.Equal(JobState.Stopped, job.JobStateInfo.State);
    }

    [Fact]
    public void StopDewyAgent_NoSuchName_IsANonTerminatingErrorAndAWildcardIsNothing()
    {
        Assert.Equal("AgentNotFound,Dewy.PowerShell.Cmdlets.StopDewyAgentCommand", _session.InvokeForError("Stop-DewyAgent -Name other").FullyQualifiedErrorId);
        Assert.Empty(_session.Invoke("Stop-DewyAgent -Name other*"));
    }

    [Fact]
    public void StopDewyAgent_AgentOfAnotherProcess_SaysWhichProcess()
    {
        _engine.Status = Samples.Status("/root") with { State = AgentState.Idle, AgentProcessId = 4711 };

        var error = _session.InvokeForError("Stop-DewyAgent -Root /root");

        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Contains("4711", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RemoveModule_RunningAgent_StopsIt()
    {
        var job = Start();

        _session.Invoke("Remove-Module Dewy");

        Assert.Equal(JobState.Stopped, job.JobStateInfo.State);
        Assert.True(Agent.Disposed);
    }

    [Fact]
    public void CloseSession_RunningAgent_StopsIt()
    {
        Start();

        _session.Runspace.Close();

        Assert.True(Agent.Disposed);
    }

    private AgentJob Start() => Assert.IsType<AgentJob>(_session.Invoke("Start-DewyAgent -Registry file:///registry -Root /root").Single().BaseObject);
}
