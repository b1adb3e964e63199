namespace Dewy.Engine.Admin.Answers;

/// <summary>One replica of <c>GET /api/replicas</c>: what is known of it, and what the proxy sees.</summary>
internal sealed record ReplicaAnswer
{
    public required string Application { get; init; }

    public required string Id { get; init; }

    public required string Name { get; init; }

    public required int Number { get; init; }

    public required string Tag { get; init; }

    public Digest? Digest { get; init; }

    public string? Image { get; init; }

    public int? ProcessId { get; init; }

    public required ReplicaState State { get; init; }

    public IReadOnlyList<string> Addresses { get; init; } = [];

    public int InFlight { get; init; }

    public long Requests { get; init; }

    /// <summary>Over the last seconds; null until two looks at it tell.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>How long its answers take to begin, in seconds; null where nothing tells.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>Answers of 500 and above and broken exchanges.</summary>
    public long Failures { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? DeployedAt { get; init; }

    public string? Problem { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public static ReplicaAnswer Of(Replica replica, BackendStatus? backend, double? requestsPerSecond) => new()
    {
        Application = replica.Application,
        Id = replica.Id,
        Name = replica.Name,
        Number = replica.Number,
        Tag = replica.Tag,
        Digest = replica.Digest,
        Image = replica.Image,
        ProcessId = replica.ProcessId,
        State = replica.State,
        Addresses = replica.Addresses,
        InFlight = replica.InFlight,
        Requests = replica.Requests,
        RequestsPerSecond = requestsPerSecond,
        Latency = backend?.Latency,
        Failures = backend?.Failures ?? 0,
        StartedAt = replica.StartedAt,
        DeployedAt = replica.DeployedAt,
        Problem = replica.Problem ?? backend?.Problem,
        Labels = ShownLabels.Of(replica.Labels),
    };

    public Replica ToReplica() => new()
    {
        Application = Application,
        Id = Id,
        Name = Name,
        Number = Number,
        Tag = Tag,
        Digest = Digest,
        Image = Image,
        ProcessId = ProcessId,
        State = State,
        Addresses = Addresses,
        InFlight = InFlight,
        Requests = Requests,
        StartedAt = StartedAt,
        DeployedAt = DeployedAt,
        Problem = Problem,
        Labels = Labels,
    };
}
