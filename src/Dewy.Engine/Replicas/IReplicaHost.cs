namespace Dewy.Engine.Replicas;

/// <summary>Where replicas of one application live: this host's processes, or a container engine.</summary>
internal interface IReplicaHost : IAsyncDisposable
{
    /// <summary>First call of all: checks that the host can be used and that nobody else runs an application of this name.</summary>
    /// <exception cref="DewyException">The engine is missing, refuses, or another agent has this application.</exception>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Every replica of this application there is, those an earlier agent left included, oldest first. Those that have
    /// ended are told once, with <see cref="IReplica.Ended"/> completed. The same instance stands for the same replica
    /// each time.
    /// </summary>
    Task<IReadOnlyList<IReplica>> FindAsync(CancellationToken cancellationToken);

    /// <summary>Starts one. On return it runs and its addresses are known; whether it is healthy is not.</summary>
    /// <param name="release">What to run; an image that is not there is pulled.</param>
    /// <param name="number">Its place among the replicas of the release, from 0.</param>
    /// <param name="cancellationToken">Gives up: nothing of it is left.</param>
    /// <exception cref="DewyException">It could not be started; nothing of it is left.</exception>
    Task<IReplica> StartAsync(LiveRelease release, int number, CancellationToken cancellationToken);
}
