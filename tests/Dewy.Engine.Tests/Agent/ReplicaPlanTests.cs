using Dewy.Engine.Agent;
using Dewy.Engine.Deployment;
using Dewy.Engine.Registries;
using Xunit;

namespace Dewy.Engine.Tests.Agent;

/// <summary>What a cycle makes of replicas that crash, hang or are missing, and of images instead of files.</summary>
public sealed class ReplicaPlanTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly LiveRelease Old = Image("v1.0.0", Now.AddDays(-2));
    private static readonly CyclePolicy Policy = new() { Mode = DeploymentMode.Container, Agent = new AgentOptions(), WatchTime = TimeSpan.FromSeconds(60) };

    [Fact]
    public void PlanDeployment_Image_IsPulledAndStartedWithoutFiles()
    {
        var release = new Release
        {
            Registry = "img://localhost/app",
            Tag = "v1.1.0",
            Version = "1.1.0",
            Artifact = new Artifact { Name = "localhost/app:v1.1.0", Image = "localhost/app@sha256:00", Location = new Uri("https://localhost/v2/app/manifests/v1.1.0") },
        };
        var wanted = new Wanted { Finding = new ReleaseFinding { FoundAt = Now, Release = release } };

        var plan = Planner.PlanDeployment(wanted, Observe(Image("v1.0.0", Now.AddDays(-1)), new()), Policy);

        Assert.Equal(["begin", "fetch", "start", "record", "prune"], plan.Steps.Select(step => step.Name));
    }

    [Fact]
    public void PlanUpkeep_ReplicaMissing_IsStartedAtOnce()
    {
        var live = Image("v1.1.0", Now.AddHours(-1));

        var plan = Planner.PlanUpkeep(Observe(live, new() { Amiss = "1 of 3 replicas of v1.1.0 missing" }), Policy);

        Assert.Equal((PlanGoal.Upkeep, "replenish"), (plan.Goal, plan.StartReason));
        Assert.Equal(["start"], plan.Steps.Select(step => step.Name));
    }

    [Fact]
    public void PlanUpkeep_ReplicaCrashedAgain_WaitsForItsBackOff()
    {
        var live = Image("v1.1.0", Now.AddHours(-1));
        var workload = new WorkloadObservation { Amiss = "1 of 3 replicas of v1.1.0 missing", LastExit = new ProcessExit { Code = 1 }, LastExitAt = Now, Crashes = 5 };

        var plan = Planner.PlanUpkeep(Observe(live, workload), Policy);

        Assert.Equal((PlanGoal.Nothing, Now + BackOff.BeforeRestart(5)), (plan.Goal, plan.NotBefore));
    }

    [Fact]
    public void PlanUpkeep_ReplicaCrashesUnderWatch_WithdrawsTheRelease()
    {
        var live = Image("v1.1.0", Now.AddSeconds(-30));
        var workload = new WorkloadObservation { Amiss = "1 of 3 replicas of v1.1.0 missing", LastExit = new ProcessExit { Code = 1, LastOutput = "boom" }, LastExitAt = Now, Crashes = 1 };

        var plan = Planner.PlanUpkeep(Observe(live, workload), Policy);

        Assert.Equal((PlanGoal.Withdraw, Old), (plan.Goal, plan.Target));
        Assert.Equal(["start", "record"], plan.Steps.Select(step => step.Name));
        Assert.Contains("boom", plan.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void PlanUpkeep_ReplicaHangsUnderWatch_WithdrawsTheRelease()
    {
        var live = Image("v1.1.0", Now.AddSeconds(-30));

        var plan = Planner.PlanUpkeep(Observe(live, new() { Ailing = new Ailment("app-1-0", "500", Now.AddSeconds(-5), Now.AddSeconds(25)) }), Policy);

        Assert.Equal((PlanGoal.Withdraw, Old), (plan.Goal, plan.Target));
    }

    [Fact]
    public void PlanUpkeep_ReplicaHangsUnderWatchWithoutRollback_IsReplacedInTime()
    {
        var live = Image("v1.1.0", Now.AddSeconds(-30));
        var ailing = new WorkloadObservation { Ailing = new Ailment("app-1-0", "500", Now.AddSeconds(-5), Now.AddSeconds(25)) };
        var policy = Policy with { Rollback = false };

        Assert.Equal((PlanGoal.Nothing, Now.AddSeconds(25)), (Planner.PlanUpkeep(Observe(live, ailing), policy).Goal, Planner.PlanUpkeep(Observe(live, ailing), policy).NotBefore));
        Assert.Equal("crash", Planner.PlanUpkeep(Observe(live, ailing) with { Now = Now.AddSeconds(25) }, policy).StartReason);
    }

    [Fact]
    public void PlanUpkeep_ReplicaCrashesAfterTheWatch_IsReplaced()
    {
        var live = Image("v1.1.0", Now.AddHours(-1));
        var workload = new WorkloadObservation { Amiss = "1 of 3 replicas of v1.1.0 missing", LastExit = new ProcessExit { Code = 1 }, LastExitAt = Now.AddSeconds(-1), Crashes = 1 };

        Assert.Equal((PlanGoal.Upkeep, "crash"), (Planner.PlanUpkeep(Observe(live, workload), Policy).Goal, Planner.PlanUpkeep(Observe(live, workload), Policy).StartReason));
    }

    private static LiveRelease Image(string tag, DateTimeOffset deployedAt) => new() { Tag = tag, Key = $"localhost/app:{tag}", DeployedAt = deployedAt, DeploymentId = tag };

    private static Observed Observe(LiveRelease live, WorkloadObservation workload) => new()
    {
        State = new RootState { Current = live, Previous = Old, Good = [live, Old] },
        Kept = [live, Old],
        Workload = workload with { Running = live },
        Now = Now,
        LocalNow = Now.DateTime,
    };
}
