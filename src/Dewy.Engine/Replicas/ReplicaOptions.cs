namespace Dewy.Engine.Replicas;

/// <summary>How many replicas there are and how they are replaced.</summary>
public sealed record ReplicaOptions
{
    /// <summary>How many run; 1 to 100, default 1.</summary>
    public int Count { get; init; } = 1;

    /// <summary>How many new ones may be started before as many old ones are stopped; null for all of them, the default.</summary>
    public int? MaxSurge { get; init; }

    /// <summary>How long requests in flight on a replica that leaves may take; default 30 s.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a replica may take to end, once drained, before it is ended by force; default 10 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Path asked over HTTP on the first port; null to be content with a connection.</summary>
    public string? HealthPath { get; init; }

    /// <summary>How long a new replica may take to become healthy; default 30 s.</summary>
    public TimeSpan HealthTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after going live a release whose replicas end or fail their health checks is rolled back; default 60 s.</summary>
    public TimeSpan WatchTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether misbehaving releases are rolled back; default true.</summary>
    public bool Rollback { get; init; } = true;

    /// <summary>Whether replicas go on when the agent ends; default false.</summary>
    public bool LeaveOnExit { get; init; }
}
