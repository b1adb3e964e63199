using Dewy.Engine.Agent;
using Dewy.Engine.Deployment;
using Dewy.Engine.Registries;
using Xunit;

namespace Dewy.Engine.Tests.Agent;

public sealed class PlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero); // a Wednesday
    private static readonly LiveRelease Old = Live("v1.0.0", Now.AddDays(-2));
    private static readonly LiveRelease New = Live("v1.1.0", Now.AddHours(-1));

    [Fact]
    public void PlanDeployment_FirstRelease_FetchesExtractsSwitchesStartsAndRecordsLast()
    {
        var plan = Planner.PlanDeployment(Want("v1.0.0"), Observe(new RootState(), running: null), Server);

        Assert.Equal(PlanGoal.Deploy, plan.Goal);
        Assert.Equal(["begin", "fetch", "extract", "switch", "start", "record", "prune"], Names(plan));
    }

    [Fact]
    public void PlanDeployment_WithHooksAndReport_PutsThemWhereTheyBelong()
    {
        var policy = Server with { HasBeforeHook = true, HasAfterHook = true, Reports = true };

        var plan = Planner.PlanDeployment(Want("v1.1.0"), Observe(StateOf(Old), Old), policy);

        Assert.Equal(["begin", "fetch", "before-hook", "extract", "switch", "start", "after-hook", "record", "report", "prune"], Names(plan));
    }

    [Fact]
    public void PlanDeployment_Assets_StartsNothing()
    {
        var observed = Observe(StateOf(Old), running: null) with { Workload = WorkloadObservation.NothingToRun };

        var plan = Planner.PlanDeployment(Want("v1.1.0"), observed, Assets);

        Assert.DoesNotContain("start", Names(plan));
    }

    [Fact]
    public void PlanDeployment_SameKey_DoesNothing() =>
        Assert.Equal(PlanGoal.Nothing, Planner.PlanDeployment(Want("v1.1.0"), Observe(StateOf(New), New), Server).Goal);

    [Fact]
    public void PlanDeployment_SameKeyOtherDigest_Deploys()
    {
        var live = New with { Digest = Sha('a') };

        var plan = Planner.PlanDeployment(Want("v1.1.0", Sha('b')), Observe(StateOf(live), live), Server);

        Assert.Equal(PlanGoal.Deploy, plan.Goal);
    }

    [Theory]
    [InlineData(true, nameof(PlanGoal.Deploy))]
    [InlineData(false, nameof(PlanGoal.Hold))]
    public void PlanDeployment_OlderThanLive_FollowsUnlessForbidden(bool allowed, string expected)
    {
        var policy = Server with { Agent = new AgentOptions { AllowDowngrade = allowed } };

        var plan = Planner.PlanDeployment(Want("v1.0.0") with { IsDowngrade = true }, Observe(StateOf(New), New), policy);

        Assert.Equal(expected, plan.Goal.ToString());
    }

    [Fact]
    public void PlanDeployment_Paused_HoldsEvenWhenForced()
    {
        var state = StateOf(Old) with { Pause = new ReleasePause(Now, "root") };

        var plan = Planner.PlanDeployment(Want("v1.1.0"), Observe(state, Old) with { Force = true }, Server);

        Assert.Equal(PlanGoal.Hold, plan.Goal);
        Assert.Contains("paused by root", plan.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, false, null, nameof(PlanGoal.Hold))]
    [InlineData(-1, false, null, nameof(PlanGoal.Deploy))] // its time has come
    [InlineData(10, true, null, nameof(PlanGoal.Deploy))] // an operator asked
    [InlineData(10, false, 'b', nameof(PlanGoal.Deploy))] // the artifact is another one now
    [InlineData(10, false, 'a', nameof(PlanGoal.Hold))]
    public void PlanDeployment_Blocked_WaitsUnlessThereIsAReason(int retryInSeconds, bool force, char? digest, string expected)
    {
        var state = StateOf(Old) with { Blocked = [Block("v1.1.0", Now.AddSeconds(retryInSeconds), Sha('a'))] };

        var plan = Planner.PlanDeployment(Want("v1.1.0", digest is { } hex ? Sha(hex) : null), Observe(state, Old) with { Force = force }, Server);

        Assert.Equal(expected, plan.Goal.ToString());
    }

    [Fact]
    public void PlanDeployment_OlderReleaseBlocked_DoesNotHoldANewerOne()
    {
        var state = StateOf(Old) with { Blocked = [Block("v1.1.0", Now.AddHours(1), digest: null)] };

        Assert.Equal(PlanGoal.Deploy, Planner.PlanDeployment(Want("v1.2.0"), Observe(state, Old), Server).Goal);
    }

    [Theory]
    [InlineData("Mon-Fri 09:00-17:00", nameof(PlanGoal.Deploy))]
    [InlineData("Sat,Sun 00:00-24:00", nameof(PlanGoal.Hold))]
    [InlineData("22:00-04:00", nameof(PlanGoal.Hold))]
    [InlineData("Wed 12:00-12:01", nameof(PlanGoal.Deploy))]
    public void PlanDeployment_Window_IsLocalTime(string window, string expected)
    {
        var policy = Server with { Agent = new AgentOptions { Windows = [DeploymentWindow.Parse(window)] } };

        Assert.Equal(expected, Planner.PlanDeployment(Want("v1.1.0"), Observe(StateOf(Old), Old), policy).Goal.ToString());
    }

    [Theory]
    [InlineData(5, nameof(PlanGoal.Hold))]
    [InlineData(15, nameof(PlanGoal.Deploy))]
    public void PlanDeployment_MinimumAge_CountsFromPublication(int ageInMinutes, string expected)
    {
        var policy = Server with { Agent = new AgentOptions { MinimumAge = TimeSpan.FromMinutes(10) } };
        var wanted = Want("v1.1.0") with { Since = Now.AddMinutes(-ageInMinutes) };

        Assert.Equal(expected, Planner.PlanDeployment(wanted, Observe(StateOf(Old), Old), policy).Goal.ToString());
    }

    [Fact]
    public void PlanDeployment_PinnedKeptRelease_IsPutBackWithoutFetching()
    {
        var state = StateOf(New) with { Pin = Pin("v1.0.0") };
        var observed = Observe(state, New) with { Kept = [New, Old] };

        var plan = Planner.PlanDeployment(Want("v1.1.0"), observed, Server);

        Assert.Equal(PlanGoal.RollBack, plan.Goal);
        Assert.Equal(["begin", "switch", "start", "record"], Names(plan));
        Assert.Equal(Old, plan.Target);
    }

    [Fact]
    public void PlanDeployment_PinnedReleaseLive_StaysWhateverTheRegistryHas()
    {
        var state = StateOf(Old) with { Pin = Pin("v1.0.0") };

        Assert.Equal(PlanGoal.Nothing, Planner.PlanDeployment(Want("v9.0.0"), Observe(state, Old), Server).Goal);
    }

    [Theory]
    [InlineData("v1.1.0", nameof(PlanGoal.Nothing))] // the newest when the pin was set
    [InlineData("v1.2.0", nameof(PlanGoal.Deploy))]
    public void PlanDeployment_PinUntilNewer_EndsWithANewRelease(string newest, string expected)
    {
        var state = StateOf(Old) with { Pin = Pin("v1.0.0") with { UntilNewer = true, NewestTagThen = "v1.1.0" } };

        var plan = Planner.PlanDeployment(Want(newest), Observe(state, Old), Server);

        Assert.Equal(expected, plan.Goal.ToString());
        Assert.Equal(expected == nameof(PlanGoal.Deploy), plan.ForgetsPin);
    }

    [Fact]
    public void PlanPutBack_PinnedKeptRelease_NeedsNoRegistry()
    {
        var observed = Observe(StateOf(New) with { Pin = Pin("v1.0.0") }, New) with { Kept = [New, Old] };

        Assert.Equal((PlanGoal.RollBack, Old), (Planner.PlanPutBack(observed)?.Goal, Planner.PlanPutBack(observed)?.Target));
    }

    [Fact]
    public void PlanPutBack_PinnedReleaseLiveOrNotKept_IsNothing()
    {
        Assert.Null(Planner.PlanPutBack(Observe(StateOf(Old) with { Pin = Pin("v1.0.0") }, Old) with { Kept = [Old] }));
        Assert.Null(Planner.PlanPutBack(Observe(StateOf(New) with { Pin = Pin("v0.9.0") }, New) with { Kept = [New, Old] }));
        Assert.Null(Planner.PlanPutBack(Observe(StateOf(New), New) with { Kept = [New, Old] }));
    }

    [Fact]
    public void PlanPutBack_PinnedReleaseBlocked_Holds()
    {
        var state = StateOf(New) with { Pin = Pin("v1.0.0"), Blocked = [Block("v1.0.0", Now.AddMinutes(1), digest: null)] };

        Assert.Equal(PlanGoal.Hold, Planner.PlanPutBack(Observe(state, New) with { Kept = [New, Old] })?.Goal);
    }

    [Fact]
    public void PlanDeployment_PinnedOlderReleaseOfTheRegistry_IsDeployedDespiteNoDowngrade()
    {
        var observed = Observe(StateOf(New) with { Pin = Pin("v0.9.0") }, New);
        var policy = Server with { Agent = Server.Agent with { AllowDowngrade = false } };

        Assert.Equal(PlanGoal.Deploy, Planner.PlanDeployment(Want("v0.9.0") with { IsDowngrade = true }, observed, policy).Goal);
    }

    [Fact]
    public void PlanDeployment_PinnedReleaseNowhere_HoldsAndSaysSo()
    {
        var plan = Planner.PlanDeployment(Want("v1.1.0"), Observe(StateOf(New) with { Pin = Pin("v0.9.0") }, New), Server);

        Assert.Equal(PlanGoal.Hold, plan.Goal);
        Assert.Contains("v0.9.0 is pinned", plan.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void PlanUpkeep_InterruptedAttempt_RecoversBeforeAnythingElse()
    {
        var state = StateOf(Old) with
        {
            Attempt = new DeploymentAttempt { Id = "1", Mode = DeploymentMode.Server, Tag = "v1.1.0", Key = "k", StartedAt = Now, RequestedBy = "agent" },
        };

        Assert.Equal(["recover"], Names(Planner.PlanUpkeep(Observe(state, running: null), Server)));
    }

    [Fact]
    public void PlanUpkeep_LiveAndRunning_DoesNothing() =>
        Assert.Equal(PlanGoal.Nothing, Planner.PlanUpkeep(Observe(StateOf(Old), Old), Server).Goal);

    [Fact]
    public void PlanUpkeep_LiveButNotRunning_StartsIt() =>
        Assert.Equal(["start"], Names(Planner.PlanUpkeep(Observe(StateOf(Old), running: null), Server)));

    [Fact]
    public void PlanUpkeep_CurrentPointsElsewhere_IsRestored()
    {
        var plan = Planner.PlanUpkeep(Observe(StateOf(Old), Old) with { CurrentTarget = "/elsewhere" }, Server);

        Assert.Equal(["restore"], Names(plan));
    }

    [Fact]
    public void PlanUpkeep_RestartAsked_StartsAgain()
    {
        var plan = Planner.PlanUpkeep(Observe(StateOf(Old), Old) with { RestartRequested = true }, Server);

        Assert.Equal(["start"], Names(plan));
        Assert.Equal("signal", plan.StartReason);
    }

    [Fact]
    public void PlanUpkeep_CrashWithinWatchTime_WithdrawsToThePreviousRelease()
    {
        var live = Live("v1.1.0", Now.AddSeconds(-5));
        var state = StateOf(live) with { Previous = Old };

        var plan = Planner.PlanUpkeep(Crashed(state, Now.AddSeconds(-1), crashes: 1) with { Kept = [live, Old] }, Server);

        Assert.Equal(PlanGoal.Withdraw, plan.Goal);
        Assert.Equal(["switch", "start", "record"], Names(plan));
        Assert.Equal(Old, plan.Target);
    }

    [Fact]
    public void PlanUpkeep_CrashWithinWatchTimeOfAPinnedRelease_IsRestartedNotWithdrawn()
    {
        var live = Live("v1.0.0", Now.AddSeconds(-5));
        var state = StateOf(live) with { Previous = New, Pin = Pin("v1.0.0") };

        var plan = Planner.PlanUpkeep(Crashed(state, Now.AddSeconds(-1), crashes: 1) with { Kept = [New, live] }, Server);

        Assert.Equal(PlanGoal.Upkeep, plan.Goal);
        Assert.Equal("crash", plan.StartReason);
    }

    [Theory]
    [InlineData(1, 0, true)] // the first restart is at once
    [InlineData(2, 0, false)]
    [InlineData(2, 1, true)]
    [InlineData(4, 3, false)]
    [InlineData(4, 4, true)]
    [InlineData(30, 59, false)]
    [InlineData(30, 60, true)]
    public void PlanUpkeep_LaterCrashes_BackOffUpToAMinute(int crashes, int secondsAgo, bool starts)
    {
        var plan = Planner.PlanUpkeep(Crashed(StateOf(Old), Now.AddSeconds(-secondsAgo), crashes), Server);

        Assert.Equal(starts ? PlanGoal.Upkeep : PlanGoal.Nothing, plan.Goal);
        Assert.Equal(!starts, plan.NotBefore is not null);
    }

    [Fact]
    public void PlanUpkeep_CrashWithNoRollback_IsRestarted()
    {
        var live = Live("v1.1.0", Now.AddSeconds(-5));
        var observed = Crashed(StateOf(live) with { Previous = Old }, Now.AddSeconds(-1), crashes: 1) with { Kept = [live, Old] };

        Assert.Equal(PlanGoal.Upkeep, Planner.PlanUpkeep(observed, Server with { Rollback = false }).Goal);
    }

    [Fact]
    public void PlanUpkeep_BlockedReleaseProvedItself_IsForgiven()
    {
        var state = StateOf(New) with { Blocked = [Block("v1.1.0", Now, digest: null)] };

        Assert.Equal(["forget"], Names(Planner.PlanUpkeep(Observe(state, New), Server)));
    }

    private static CyclePolicy Server => new()
    {
        Mode = DeploymentMode.Server,
        Agent = new AgentOptions(),
        WatchTime = TimeSpan.FromSeconds(60),
    };

    private static CyclePolicy Assets => Server with { Mode = DeploymentMode.Assets, WatchTime = TimeSpan.Zero };

    private static LiveRelease Live(string tag, DateTimeOffset at) => new()
    {
        Tag = tag,
        Key = $"{tag}--app.tar.gz",
        Directory = $"/root/releases/{tag}",
        DeployedAt = at,
        DeploymentId = tag,
    };

    private static RootState StateOf(LiveRelease live) => new() { Current = live };

    private static ReleasePin Pin(string tag) => new() { Tag = tag, At = Now, By = "root" };

    private static Digest Sha(char hex) => Digest.Parse("sha256:" + new string(hex, 64));

    private static BlockedRelease Block(string tag, DateTimeOffset retryAt, Digest? digest) => new()
    {
        Key = $"{tag}--app.tar.gz",
        Tag = tag,
        Digest = digest,
        Code = ErrorCode.StartFailed,
        Reason = "it exited",
        Failures = 1,
        RetryAt = retryAt,
    };

    private static Wanted Want(string tag, Digest? digest = null) => new()
    {
        Finding = new ReleaseFinding
        {
            FoundAt = Now,
            Release = new Release
            {
                Registry = "file:///registry",
                Tag = tag,
                Version = tag.TrimStart('v'),
                Artifact = new Artifact { Name = "app.tar.gz", Location = new Uri("file:///registry/app.tar.gz"), Digest = digest },
            },
        },
    };

    private static Observed Observe(RootState state, LiveRelease? running) => new()
    {
        State = state,
        CurrentTarget = state.Current?.Directory,
        Workload = new WorkloadObservation { Running = running },
        Now = Now,
        LocalNow = Now.DateTime,
    };

    private static Observed Crashed(RootState state, DateTimeOffset at, int crashes) => Observe(state, running: null) with
    {
        Workload = new WorkloadObservation { LastExit = new ProcessExit { Code = 1 }, LastExitAt = at, Crashes = crashes },
    };

    private static IEnumerable<string> Names(CyclePlan plan) => plan.Steps.Select(step => step.Name);
}
