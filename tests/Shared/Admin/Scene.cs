using Dewy.Engine.Admin.Events;

namespace Dewy.Tests.Admin;

/// <summary>A busy application in container mode, for a dashboard to show.</summary>
internal static class Scene
{
    public static Replica Replica(int number, string tag = "v1.4.0", ReplicaState state = ReplicaState.Healthy, string? problem = null) => new()
    {
        Application = "shop",
        Id = $"{number}f3a9c{number}d4e5b60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9{number}",
        Name = $"shop-1772625600-{number}",
        Number = number,
        Tag = tag,
        Image = "registry.example/shop@sha256:5c1f0f6a",
        State = state,
        Addresses = [$"127.0.0.1:{32768 + number}"],
        InFlight = state == ReplicaState.Healthy ? 3 + number : 0,
        Requests = 18_400 + (number * 37),
        StartedAt = DateTimeOffset.UtcNow - TimeSpan.FromMinutes(52 - number),
        DeployedAt = DateTimeOffset.UtcNow - TimeSpan.FromMinutes(52),
        Problem = problem,
        Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["dewy.app"] = "shop", ["dewy.managed"] = "true" },
    };

    public static BackendStatus Backend(Replica replica, double milliseconds) => new()
    {
        Id = replica.Id,
        Name = replica.Name,
        Tag = replica.Tag,
        Addresses = replica.Addresses,
        State = replica.State,
        InFlight = replica.InFlight,
        Requests = replica.Requests,
        Failures = replica.State == ReplicaState.Unhealthy ? 41 : 0,
        Latency = TimeSpan.FromMilliseconds(milliseconds),
        Since = replica.StartedAt,
    };

    public static Deployment Deployment(string id, string tag, string? before, DeploymentResult result, TimeSpan ago, DeploymentError? error = null, string by = "agent")
    {
        var start = DateTimeOffset.UtcNow - ago;
        return new Deployment
        {
            Id = id,
            Mode = DeploymentMode.Container,
            Tag = tag,
            PreviousTag = before,
            Result = result,
            Error = error,
            StartedAt = start,
            FinishedAt = start + TimeSpan.FromSeconds(14.2),
            RequestedBy = by,
            Phases = [new("pull", TimeSpan.FromSeconds(6.1)), new("start", TimeSpan.FromSeconds(2.2)), new("health", TimeSpan.FromSeconds(3.4)), new("drain", TimeSpan.FromSeconds(2.5))],
        };
    }

    /// <summary>Fills the agent: a rolling update half way, a blocked release, a history.</summary>
    public static void Fill(ScriptedOperations agent)
    {
        Replica[] replicas =
        [
            Replica(0),
            Replica(1),
            Replica(2, state: ReplicaState.Unhealthy, problem: "GET http://127.0.0.1:32770/health answered 503"),
            Replica(3, "v1.5.0", ReplicaState.Starting),
            Replica(4, "v1.3.9", ReplicaState.Draining),
        ];
        var now = DateTimeOffset.UtcNow;
        agent.Status = new AgentStatus
        {
            Name = "shop",
            Root = "/srv/shop",
            State = AgentState.Idle,
            Mode = DeploymentMode.Container,
            AgentProcessId = 4711,
            Registry = "img://registry.example/team/shop?constraint=^1",
            Current = new LiveRelease { Tag = "v1.4.0", Key = "registry.example/team/shop:v1.4.0", DeployedAt = now - TimeSpan.FromMinutes(52), DeploymentId = "d4" },
            Previous = new LiveRelease { Tag = "v1.3.9", Key = "registry.example/team/shop:v1.3.9", DeployedAt = now - TimeSpan.FromHours(26), DeploymentId = "d2" },
            NewestTag = "v1.5.0",
            LastCheck = now - TimeSpan.FromSeconds(4),
            Blocked = [new BlockedRelease { Key = "k", Tag = "v1.5.0", Code = ErrorCode.HealthCheckFailed, Reason = "shop-1772629999-0 did not become healthy within 30 s: /health answered 500", Failures = 2, RetryAt = now + TimeSpan.FromSeconds(48) }],
            Replicas = replicas,
            Proxy = new ProxyStatus
            {
                Name = "shop",
                Listen = ["0.0.0.0:8000"],
                Backends = [.. replicas.Select((replica, index) => Backend(replica, 8.4 + (index * 3.1)))],
                InFlight = 14,
                Requests = 92_310,
                Failures = 41,
                Connections = 64,
                StartedAt = now - TimeSpan.FromDays(3),
            },
        };
        agent.History =
        [
            Deployment("d5", "v1.5.0", "v1.4.0", DeploymentResult.Failed, TimeSpan.FromMinutes(6), new DeploymentError { Code = ErrorCode.HealthCheckFailed, Message = "shop-1772629999-0 did not become healthy within 30 s: /health answered 500.", NextStep = "Look at the replica's last lines in the log." }),
            Deployment("d4", "v1.4.0", "v1.3.9", DeploymentResult.Succeeded, TimeSpan.FromMinutes(52)),
            Deployment("d3", "v1.4.0-rc.1", "v1.3.9", DeploymentResult.RolledBack, TimeSpan.FromHours(5), new DeploymentError { Code = ErrorCode.CrashLoop, Message = "2 replicas ended within the watch time of 60 s.", NextStep = "Publish a release that works." }, "watch"),
            Deployment("d2", "v1.3.9", "v1.3.8", DeploymentResult.Succeeded, TimeSpan.FromHours(26)),
            Deployment("d1", "v1.3.8", null, DeploymentResult.Interrupted, TimeSpan.FromHours(50), by: "deploy by alice"),
        ];
    }

    /// <summary>What the log then has.</summary>
    public static void Tell(EventFeed feed)
    {
        EngineEvent[] events =
        [
            new AgentStarted("0.1.0", "abc1234", DeploymentMode.Container, "/srv/shop", "img://registry.example/team/shop"),
            new RegistryPolled("img://registry.example/team/shop", PollOutcome.Changed, TimeSpan.FromMilliseconds(81)),
            new DeploymentStarted("d5", "v1.5.0", "v1.4.0", "agent"),
            new StepStarted("d5", new PlanStep("start", "start v1.5.0")),
            new DeploymentEnded(Deployment("d5", "v1.5.0", "v1.4.0", DeploymentResult.Failed, TimeSpan.FromMinutes(6), new DeploymentError { Code = ErrorCode.HealthCheckFailed, Message = "shop-1772629999-0 did not become healthy within 30 s: /health answered 500.", NextStep = "Look at the replica's last lines." })),
            new ReleaseBlocked("v1.5.0", "it did not become healthy", 2, DateTimeOffset.UtcNow + TimeSpan.FromSeconds(48)),
            new AttentionNeeded("The disk of /srv/shop has 4 % left.", "/srv/shop", "Make room."),
        ];
        foreach (var engineEvent in events)
            feed.Publish(engineEvent with { Time = DateTimeOffset.UtcNow, Application = "shop" });
    }
}
