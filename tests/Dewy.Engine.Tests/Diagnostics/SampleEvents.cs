namespace Dewy.Engine.Tests.Diagnostics;

/// <summary>One or more of every kind of event.</summary>
internal static class SampleEvents
{
    public static readonly DateTimeOffset Time = new(2024, 1, 15, 10, 30, 45, 678, TimeSpan.Zero);

    private const string Image = "localhost:5000/acme/app@sha256:0000000000000000000000000000000000000000000000000000000000000000";

    private static readonly Digest Sha = Digest.Sha256(new byte[32]);

    private static readonly PlanStep Step = new("extract", "extract v1.2.3");

    public static CachedArtifact Artifact(bool downloaded = true) => new()
    {
        Key = "v1.2.3--myapp_linux_amd64.tar.gz",
        Tag = "v1.2.3",
        Path = "/srv/app/.dewy/cache/x",
        Size = 1234,
        Digest = Sha,
        VerifiedBy = ["myapp.sha256"],
        Downloaded = downloaded,
    };

    public static HookResult Hook(string? error = null, HookKind kind = HookKind.AfterDeploy) => new()
    {
        Kind = kind,
        Command = "npm run build",
        ExitCode = error is null ? 0 : 1,
        Duration = TimeSpan.FromMilliseconds(45_200),
        StandardOutput = "Build completed\n",
        Error = error,
    };

    public static Dewy.Deployment Ended(DeploymentResult result = DeploymentResult.Succeeded) => new()
    {
        Id = "d1",
        Mode = DeploymentMode.Server,
        Tag = "v1.2.3",
        PreviousTag = "v1.2.2",
        Result = result,
        Error = result == DeploymentResult.Succeeded ? null : new DeploymentError { Code = ErrorCode.StartFailed, Message = "It died.", Phase = "start", NextStep = "Look." },
        StartedAt = Time - TimeSpan.FromSeconds(3),
        FinishedAt = Time,
        RequestedBy = "agent",
    };

    public static IReadOnlyList<EngineEvent> All { get; } =
    [
        .. ((EngineEvent[])
        [
            new AgentStarted("1.0.0", "abc1234", DeploymentMode.Server, "/srv/app", "file:///srv/releases/app"),
            new AdminApiStarted("http://127.0.0.1:17539/"),
            new AgentStopping("SIGTERM"),
            new AgentStopped(false),
            new ApplicationOutput(1, false, "hello"),
            new ArtifactAwaited("v1.2.3--x", "web-1"),
            new ArtifactCached(Artifact()),
            new ArtifactCached(Artifact(downloaded: false)),
            new ArtifactRefused("v1.2.3--x", "/srv/app/.dewy/quarantine/x", "digest differs"),
            new AttentionNeeded("Something is odd.", "/srv/app", "Look at it."),
            new RegistryAnswerStale("ghr://acme/app", Time, "It is down."),
            new CacheEvicted("v1.0.0--x", 99),
            new CurrentSwitched("/srv/app/releases/1", "/srv/app/current"),
            new CycleFailed(new DeploymentError { Code = ErrorCode.RegistryTimeout, Message = "It took too long." }, 2, TimeSpan.FromSeconds(20)),
            new DeploySkipped("v1.2.3", "same release"),
            new DeploymentEnded(Ended()),
            new DeploymentEnded(Ended(DeploymentResult.Failed)),
            new DeploymentStarted("d1", "v1.2.3", "v1.2.2", "agent"),
            new DownloadProgressed("v1.2.3--x", 10, 100),
            new ExtractionProgressed("/srv/app/releases/1", 10, 1),
            new ExtractionStarted("v1.2.3--x", "/srv/app/releases/1"),
            new GenerationAdopted(3, 12345, "v1.2.3"),
            new GenerationExited(3, 12345, "v1.2.3", new ProcessExit { Code = 0, Expected = true }),
            new GenerationExited(3, 12345, "v1.2.3", new ProcessExit { Signal = 11, LastOutput = "boom" }),
            new GenerationReady(3, 12345, "v1.2.3", TimeSpan.FromSeconds(1)),
            new GenerationStarted(3, 12345, "v1.2.3"),
            new GenerationStopping(2, 12344, "SIGTERM"),
            new ImagePullStarted(Image, "v1.2.3"),
            new ImagePullProgressed(Image, 10, 100, 1, 3),
            new ImagePulled(Image, "v1.2.3", TimeSpan.FromSeconds(2)),
            new ImagesPruned(7, 1),
            new ImageRemoved("sha256:00", "v1.0.0"),
            new ImagePullFailed(Image, "v1.2.3", "authentication required"),
            new ReplicaChecking("app-1-0", "v1.2.3", "http://127.0.0.1:32768/health"),
            new ReplicaRefused("app-1-0", "v1.2.3", ErrorCode.HealthCheckFailed, "500"),
            new ReplicaRefused("", "v1.2.3", ErrorCode.StartFailed, "no such program"),
            new ReplicasReplaced("v1.2.3", 3, 3, Containers: true),
            new ReplicasReplaced("v1.2.3", 3, 3, Containers: false),
            new ReplicaStarting("app-1-0", "v1.2.3", Image),
            new ReplicaStarting("app-1-0", "v1.2.3", "./current/app"),
            new ReplicaStarted("app-1-0", "v1.2.3", "127.0.0.1:32768", 8080),
            new ReplicaStarted("app-1-0", "v1.2.3", "127.0.0.1:32768", Port: null),
            new ReplicaHealthy("app-1-0", "v1.2.3", "http://127.0.0.1:32768/health", "200 OK", 2, TimeSpan.FromMilliseconds(50)),
            new ReplicaAdopted("app-1-0", "v1.2.3", "127.0.0.1:32768"),
            new ReplicaExited("app-1-0", "v1.2.3", new ProcessExit { Code = 1, LastOutput = "boom" }),
            new ReplicaStopping("app-1-0", "v1.2.3", Container: true),
            new ReplicaStopping("app-1-0", "v1.2.3", Container: false),
            new ReplicaStopped("app-1-0", "v1.2.3", Container: true),
            new ReplicaStopped("app-1-0", "v1.2.3", Container: false),
            new ReplicasCleaned(3, Containers: true),
            new ReplicasCleaned(3, Containers: false),
            new BackendAdded("app-1-0", "v1.2.3", "127.0.0.1:32768"),
            new BackendDraining("app-1-0", "v1.2.3", 2),
            new BackendRemoved("app-1-0", "v1.2.3", 0, TimeSpan.FromSeconds(1)),
            new BackendRemoved("app-1-0", "v1.2.3", 1, TimeSpan.FromSeconds(30)),
            new BackendHealthChanged("app-1-0", "v1.2.3", IsHealthy: false, "connection refused"),
            new BackendHealthChanged("app-1-0", "v1.2.3", IsHealthy: true, "200 OK"),
            new ProxyStarted(["0.0.0.0:8000"]),
            new ProxyStopped(0),
            new GracePeriodHeld("v1.2.3", "artifact not found", TimeSpan.FromMinutes(30)),
            new HookCompleted(Hook()),
            new HookCompleted(Hook("command failed with exit code 1")),
            new Recovered(3, TimeSpan.FromMinutes(2)),
            new RegistryPolled("file:///srv/releases/app", PollOutcome.NotModified, TimeSpan.FromMilliseconds(5)),
            new ReleaseBlocked("v1.2.3", "died", 1, Time),
            new ReleaseHeld("v1.2.3", "paused"),
            new ReleasePruned("/srv/app/releases/0"),
            new RestartRequested(12345, "SIGHUP", Notify: false),
            new RestartScheduled("v1.2.3", 2, TimeSpan.FromSeconds(1)),
            new RollingBack("v1.2.3", "v1.2.2", "crashed"),
            new ServerRestarted("v1.2.3", "deploy"),
            new ServerStarted("v1.2.3"),
            new StepCompleted("d1", Step, TimeSpan.FromSeconds(1)),
            new StepStarted("d1", Step),
        ]).Select(sample => sample with { Time = Time }),
    ];
}
