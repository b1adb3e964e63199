namespace Dewy.Engine.Admin.Answers;

/// <summary>One container of <c>GET /api/containers</c>; members as the Go program has them (compat).</summary>
internal sealed record ContainerAnswer
{
    /// <summary>The container's full id.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? Image { get; init; }

    /// <summary>The engine's word: <c>running</c> or <c>exited</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The first address it listens on, such as <c>127.0.0.1:32768</c>; empty once it has ended.</summary>
    public required string IpPort { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? DeployedAt { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public static ContainerAnswer Of(Replica replica) => new()
    {
        Id = replica.Id,
        Name = replica.Name,
        Image = replica.Image,
        Status = replica.State == ReplicaState.Exited ? "exited" : "running",
        IpPort = replica.Addresses.Count > 0 ? replica.Addresses[0] : "",
        StartedAt = replica.StartedAt,
        DeployedAt = replica.DeployedAt,
        Labels = ShownLabels.Of(replica.Labels),
    };
}
