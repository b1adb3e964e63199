namespace Dewy.Engine.Replicas;

/// <summary>The proxy's backends as the rolling update sees them.</summary>
internal interface IBackends : IAsyncDisposable
{
    /// <summary>The backends now, draining ones included, in the order in which they joined.</summary>
    IReadOnlyList<BackendStatus> Current { get; }

    /// <summary>Puts a replica that is healthy into rotation; it gets requests from the return of this on. Does nothing where it is in.</summary>
    void Add(IReplica replica);

    /// <summary>
    /// Takes a replica out: no request starts on it from the call on; returns when none is in flight, or when the limit is
    /// over and those left were ended. It has left the proxy then. Does nothing where it is not in.
    /// </summary>
    /// <returns>How many requests had to be ended.</returns>
    Task<int> DrainAsync(string replicaId, TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>Takes a replica that has ended out at once; what is in flight on it fails as it may.</summary>
    void Drop(string replicaId);

    /// <summary>Completes when a backend became healthy or unhealthy; a new one each time.</summary>
    Task WaitForChangeAsync(CancellationToken cancellationToken);
}
