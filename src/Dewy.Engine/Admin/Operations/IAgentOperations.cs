using Dewy.Engine.Agent;

namespace Dewy.Engine.Admin.Operations;

/// <summary>What the admin API may ask of its agent.</summary>
internal interface IAgentOperations
{
    AgentStatus GetStatus();

    /// <summary>The history, newest first.</summary>
    IReadOnlyList<Dewy.Deployment> GetDeployments(int limit);

    /// <summary>Has the agent look and deploy now; returns once that is written down for it.</summary>
    /// <returns>Waits for what it led to. Giving up waiting stops nothing.</returns>
    Task<Func<CancellationToken, Task<RequestOutcome>>> DeployAsync(bool force, string by, CancellationToken cancellationToken);

    /// <summary>Has the agent go back to another release and stay there; returns once that is written down for it.</summary>
    /// <returns>As of <see cref="DeployAsync"/>.</returns>
    /// <exception cref="DewyException"><see cref="ErrorCode.ReleaseNotFound"/>, listing what there is.</exception>
    Task<Func<CancellationToken, Task<RequestOutcome>>> RollbackAsync(string? to, bool untilNewer, string by, CancellationToken cancellationToken);

    /// <summary>Has the agent deploy a release, kept or of the registry, and stay there; returns once that is written down for it.</summary>
    /// <returns>As of <see cref="DeployAsync"/>; throws where the registry has no such release, and nothing is pinned then.</returns>
    Task<Func<CancellationToken, Task<RequestOutcome>>> PinAsync(string tag, string by, CancellationToken cancellationToken);

    Task PauseAsync(string by, CancellationToken cancellationToken);

    Task ResumeAsync(CancellationToken cancellationToken);

    /// <summary>Takes a replica out of rotation for good; another takes its place. Returns at once.</summary>
    /// <param name="replica">Its name, its id, or the beginning of its id.</param>
    /// <returns>The replica's name.</returns>
    /// <exception cref="DewyException">There is no such replica, or nothing that could be drained.</exception>
    string Drain(string replica);
}
