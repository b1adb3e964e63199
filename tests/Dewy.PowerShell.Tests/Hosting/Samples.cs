namespace Dewy.PowerShell.Tests.Hosting;

/// <summary>Objects of the contract with every field filled.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly Digest Digest = Digest.Parse("sha256:" + new string('a', 64));

    public static Release Release(string tag = "v1.1.0", string registry = "file:///registry") => new()
    {
        Registry = registry,
        Tag = tag,
        Version = tag.TrimStart('v'),
        CreatedAt = Noon,
        IsNewest = true,
        Artifact = new Artifact { Name = "myapp.tar.gz", Location = new Uri("file:///registry/v1.1.0/myapp.tar.gz"), Size = 3 << 20, Digest = Digest },
    };

    public static CachedArtifact Artifact(string tag = "v1.1.0", string? root = "/root") => new()
    {
        Key = tag + "--myapp.tar.gz",
        Tag = tag,
        Path = "/root/.dewy/cache/" + tag + "--myapp.tar.gz",
        Size = 3 << 20,
        Digest = Digest,
        VerifiedBy = ["myapp.tar.gz.sha256"],
        Downloaded = true,
        Root = root,
    };

    public static ExpandedRelease Expanded(string tag = "v1.1.0", string root = "/root") => new()
    {
        Tag = tag,
        Key = tag + "--myapp.tar.gz",
        Digest = Digest,
        Path = root + "/releases/20300102T120000Z",
        Root = root,
    };

    public static Deployment Deployment(string tag = "v1.1.0", string id = "20300102T120000Z-0001", DeploymentResult result = DeploymentResult.Succeeded) => new()
    {
        Id = id,
        Mode = DeploymentMode.Assets,
        Tag = tag,
        PreviousTag = "v1.0.0",
        Digest = Digest,
        ReleaseDirectory = "/root/releases/20300102T120000Z",
        Result = result,
        Error = result is DeploymentResult.Succeeded ? null : new DeploymentError { Code = ErrorCode.HealthCheckFailed, Message = "It is not healthy.", NextStep = "Look at its log." },
        StartedAt = Noon,
        FinishedAt = Noon.AddSeconds(2),
        Phases = [new PhaseTiming("fetch", TimeSpan.FromSeconds(1))],
        RequestedBy = "test",
        Root = "/root",
    };

    public static LiveRelease Live(string tag = "v1.1.0") => new()
    {
        Tag = tag,
        Key = tag + "--myapp.tar.gz",
        Digest = Digest,
        Directory = "/root/releases/20300102T120000Z",
        DeployedAt = Noon,
        DeploymentId = "20300102T120000Z-0001",
    };

    public static BlockedRelease Blocked() => new() { Key = "v2--a", Tag = "v2", Code = ErrorCode.CrashLoop, Reason = "It crashed.", Failures = 2, RetryAt = Noon };

    public static RunningProcess Process() => new() { Generation = 1, ProcessId = 4711, Tag = "v1.1.0", StartedAt = Noon, Ready = true };

    public static Replica Replica(int number = 0, ReplicaState state = ReplicaState.Healthy) => new()
    {
        Application = "myapp",
        Id = new string((char)('a' + number), 64),
        Name = $"myapp-1893585600-{number}",
        Number = number,
        Tag = "v1.1.0",
        Digest = Digest,
        Image = "registry/myapp@" + Digest,
        State = state,
        Addresses = [$"127.0.0.1:{32768 + number}"],
        InFlight = 3,
        Requests = 4711,
        StartedAt = Noon,
        DeployedAt = Noon,
        Problem = state is ReplicaState.Unhealthy ? "/health answered 503" : null,
        Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["dewy.app"] = "myapp" },
    };

    public static AgentStatus Status(string root) => new()
    {
        Name = "myapp",
        Root = root,
        State = AgentState.Stopped,
        Mode = DeploymentMode.Assets,
        Current = Live(),
        Previous = Live("v1.0.0"),
        NewestTag = "v1.1.0",
        Pin = new ReleasePin { Tag = "v1.1.0", At = Noon, By = "root" },
        Pause = new ReleasePause(Noon, "root"),
        Blocked = [Blocked()],
        Processes = [Process()],
        LastDeployment = Deployment(),
        LastCheck = Noon,
    };
}
