namespace Dewy;

/// <summary>What a replica is doing.</summary>
public enum ReplicaState
{
    /// <summary>It was started and has not been healthy yet.</summary>
    Starting = 0,

    /// <summary>It gets requests.</summary>
    Healthy,

    /// <summary>It runs and fails its health checks: it gets no requests until it answers again.</summary>
    Unhealthy,

    /// <summary>It gets no new requests; those in flight finish.</summary>
    Draining,

    /// <summary>It was told to end.</summary>
    Stopping,

    /// <summary>It has ended.</summary>
    Exited,
}
