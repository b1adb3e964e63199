namespace Dewy.Engine.Agent;

/// <summary>One deployment while it happens: what it has made so far and how long each phase took.</summary>
internal sealed class DeploymentRun(CyclePlan plan, LiveRelease? before, DeploymentMode mode, string root, string requestedBy, TimeProvider time)
{
    private readonly List<PhaseTiming> _phases = [];

    /// <summary>Sortable by time, unique by chance: <c>20240115T103045Z-3f9a2c</c>.</summary>
    public string Id { get; } = NewId(time);

    public CyclePlan Plan { get; } = plan;

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public string RequestedBy { get; } = requestedBy;

    /// <summary>What was live when it began.</summary>
    public LiveRelease? Before { get; } = before;

    public string Tag => Plan.Release?.Tag ?? Plan.Target?.Tag ?? throw new InvalidOperationException("A deployment has a release or a target.");

    public string Key => Plan.Release?.CacheKey ?? Plan.Target?.Key ?? Tag;

    /// <summary>The verified artifact, once it is in the cache.</summary>
    public CachedArtifact? Artifact { get; set; }

    /// <summary>The new release directory, once it is whole.</summary>
    public string? Directory { get; set; }

    /// <summary>True once <c>current</c> points to the new release.</summary>
    public bool Switched { get; set; }

    /// <summary>True once the new release runs.</summary>
    public bool Started { get; set; }

    /// <summary>True once the new release is written down as live: nothing after that can fail the deployment.</summary>
    public bool Recorded { get; set; }

    /// <summary>The phase under way, for errors that do not name one.</summary>
    public string? Phase { get; set; }

    private bool IsWithdrawal => Plan.Goal == PlanGoal.Withdraw;

    public Digest? Digest => Artifact?.Digest ?? Plan.Target?.Digest ?? Plan.Release?.Artifact?.Digest;

    /// <summary>A new deployment id.</summary>
    public static string NewId(TimeProvider time) => $"{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{Guid.NewGuid().ToString("N")[..6]}";

    public void Took(string phase, TimeSpan duration) => _phases.Add(new PhaseTiming(phase, duration));

    /// <summary>The release as it is written down when it is live.</summary>
    public LiveRelease ToLive() => new()
    {
        Tag = Tag,
        Key = Key,
        Digest = Digest,
        Directory = Directory ?? Plan.Target?.Directory,
        DeployedAt = time.GetUtcNow(),
        DeploymentId = Id,
    };

    /// <summary>The entry for the history. A withdrawal is told of the release that misbehaved.</summary>
    public Dewy.Deployment ToDeployment(DeploymentResult result, DeploymentError? error = null) => new()
    {
        Id = Id,
        Mode = mode,
        Root = root,
        Tag = IsWithdrawal ? Before?.Tag ?? Tag : Tag,
        PreviousTag = IsWithdrawal ? Tag : Before?.Tag,
        Digest = Digest,
        ReleaseDirectory = Directory ?? Plan.Target?.Directory,
        Result = result,
        Error = error ?? (IsWithdrawal ? new DeploymentError { Code = ErrorCode.CrashLoop, Message = Plan.Reason, Phase = "watch", NextStep = "Look at the application's output; a newer release is deployed as usual." } : null),
        StartedAt = StartedAt,
        FinishedAt = time.GetUtcNow(),
        Phases = [.. _phases],
        RequestedBy = RequestedBy,
    };
}
