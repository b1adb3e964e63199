using System.Net;

namespace Dewy.Engine.Replicas;

/// <summary>
/// One running instance of the application. A process and a container differ in how they start, stop and tell their
/// address; the rolling update knows nothing else of them.
/// </summary>
internal interface IReplica
{
    /// <summary>Unique on this host, and the same for an agent that adopts it.</summary>
    string Id { get; }

    /// <summary><c>&lt;application&gt;-&lt;unix seconds&gt;-&lt;number&gt;</c>.</summary>
    string Name { get; }

    /// <summary>Its place among the replicas of one release, from 0.</summary>
    int Number { get; }

    /// <summary>What it runs.</summary>
    LiveRelease Release { get; }

    /// <summary>Where it listens, one address for each port of the proxy, in their order.</summary>
    IReadOnlyList<IPEndPoint> EndPoints { get; }

    DateTimeOffset StartedAt { get; }

    /// <summary>
    /// False where it was started with other options than the agent's own now, by an earlier agent: it serves until it is
    /// replaced by one of the same release.
    /// </summary>
    bool IsAsConfigured { get; }

    /// <summary>Completes when it has ended, with its last lines. Never faults.</summary>
    Task<ProcessExit> Ended { get; }

    /// <summary>What it says of itself (a container's <c>HEALTHCHECK</c>); null where it says nothing.</summary>
    /// <returns>True healthy, false unhealthy or still starting.</returns>
    Task<bool?> AskItselfAsync(CancellationToken cancellationToken);

    /// <summary>The last lines it wrote, secrets removed; at most 4 KiB.</summary>
    Task<string> ReadLastOutputAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Tells it to end, ends it by force after the options' time limit, and removes what is left of it. Does nothing where
    /// it is gone. Draining is over by then.
    /// </summary>
    Task StopAsync(CancellationToken cancellationToken);

    /// <summary>The replica for people; the state and what the proxy knows are filled in by the caller.</summary>
    Replica Describe();
}
