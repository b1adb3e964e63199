namespace Dewy.Engine.Agent;

/// <summary>
/// The running application of one root, whatever it is made of. The agent's cycle is its only caller, one call at a
/// time; <see cref="WaitForChangeAsync"/> and <see cref="Observe"/> may be used from anywhere.
/// </summary>
public interface IWorkload : IAsyncDisposable
{
    /// <summary>What runs now. Looks; does not remember.</summary>
    WorkloadObservation Observe();

    /// <summary>Completes when something changed that a cycle should see (the application ended, say); a new one each time.</summary>
    Task WaitForChangeAsync(CancellationToken cancellationToken);

    /// <summary>
    /// First call of all: binds ports (or takes over inherited ones), takes over what an earlier agent left running when
    /// it is the live release in good health, and ends whatever else it left.
    /// </summary>
    Task OpenAsync(LiveRelease? live, CancellationToken cancellationToken);

    /// <summary>Looks for what no event tells of, once a cycle. A host that does not answer is told of, not thrown.</summary>
    Task LookAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Makes a release run. What runs before goes on until the new one is ready, and for good when it does not get ready:
    /// then the failure is thrown and nothing of the new one is left. The previous one may still be draining on return.
    /// </summary>
    /// <param name="release">The release; <c>current</c> already points to its directory.</param>
    /// <param name="reason"><c>deploy</c>, <c>start</c>, <c>signal</c>, <c>crash</c> or <c>rollback</c>.</param>
    /// <param name="cancellationToken">Gives up: the new one is ended.</param>
    Task ReplaceAsync(LiveRelease release, string reason, CancellationToken cancellationToken);

    /// <summary>Stops the application and waits for it within its own time limit, or leaves it running for the next agent, as the options say.</summary>
    Task CloseAsync();
}
