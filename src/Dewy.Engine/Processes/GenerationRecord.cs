namespace Dewy.Engine.Processes;

/// <summary>One started program as it is written down for the next agent.</summary>
internal sealed record GenerationRecord
{
    public required int Generation { get; init; }

    public required int ProcessId { get; init; }

    /// <summary>See <see cref="IChildProcess.Identity"/>.</summary>
    public required string Identity { get; init; }

    public required string Tag { get; init; }

    public required string Key { get; init; }

    public string? Digest { get; init; }

    public string? Directory { get; init; }

    public required DateTimeOffset DeployedAt { get; init; }

    public required string DeploymentId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Sockets it inherited, in order.</summary>
    public IReadOnlyList<string> Listen { get; init; } = [];

    /// <summary>Which of several replicas it is; null for the only one, which inherits its sockets.</summary>
    public ReplicaPlace? Replica { get; init; }

    /// <summary>Program and arguments.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    public required string OutputFile { get; init; }

    /// <summary>Where it may say that it is ready, for as long as the agent that started it lives; null where it cannot.</summary>
    public string? NotifySocket { get; init; }

    /// <summary>Whether it got ready.</summary>
    public bool Ready { get; init; }

    /// <summary>When it was told to end (UTC); null where it was not. Such a one serves nobody new any more.</summary>
    public DateTimeOffset? StoppingSince { get; init; }

    /// <summary>The release it runs.</summary>
    public LiveRelease Release() => new()
    {
        Tag = Tag,
        Key = Key,
        Digest = Dewy.Digest.TryParse(Digest, out var digest) ? digest : null,
        Directory = Directory,
        DeployedAt = DeployedAt,
        DeploymentId = DeploymentId,
    };

    /// <summary>Whether it runs that very release.</summary>
    public bool Runs(LiveRelease release) =>
        string.Equals(Key, release.Key, StringComparison.Ordinal)
        && string.Equals(Digest, release.Digest?.ToString(), StringComparison.Ordinal)
        && string.Equals(Directory, release.Directory, StringComparison.Ordinal);
}
