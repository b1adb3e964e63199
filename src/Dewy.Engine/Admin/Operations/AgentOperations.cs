using Dewy.Engine.Agent;
using Dewy.Engine.Deployment;

namespace Dewy.Engine.Admin.Operations;

/// <summary>
/// Does what the admin API was asked, the way commands in other processes do it: through the state file, where it survives
/// the agent and is carried out by its loop.
/// </summary>
internal sealed class AgentOperations(IDewyAgent agent, AgentParts parts) : IAgentOperations
{
    private readonly AgentRequests _requests = new(parts.Root, parts.Time);

    public AgentStatus GetStatus() => agent.GetStatus();

    public IReadOnlyList<Dewy.Deployment> GetDeployments(int limit) => parts.Root.History.Read(limit);

    public Task<Func<CancellationToken, Task<RequestOutcome>>> DeployAsync(bool force, string by, CancellationToken cancellationToken) =>
        AskAsync(_requests.NewRequest(force, $"deploy by {by}"), state => state, cancellationToken);

    public Task<Func<CancellationToken, Task<RequestOutcome>>> RollbackAsync(string? to, bool untilNewer, string by, CancellationToken cancellationToken)
    {
        var pin = RollbackTarget.Find(parts.Root, to).ToPin(parts.Root.State.Read(), untilNewer, parts.Time.GetUtcNow(), by);
        return AskAsync(_requests.NewRequest(force: true, $"rollback by {by}"), state => state with { Pin = pin }, cancellationToken);
    }

    public Task<Func<CancellationToken, Task<RequestOutcome>>> PinAsync(string tag, string by, CancellationToken cancellationToken)
    {
        var pin = new ReleasePin { Tag = tag, At = parts.Time.GetUtcNow(), By = by };
        var state = parts.Root.State.Read();
        var request = _requests.NewRequest(force: true, $"pin by {by}");
        return Planner.KeptFor(pin, parts.Kept(state)) is not null || Planner.IsPinned(pin, state.Current)
            ? AskAsync(request, asked => asked with { Pin = pin }, cancellationToken)
            : AskAsync(request with { Pin = pin }, asked => asked, cancellationToken);
    }

    public Task PauseAsync(string by, CancellationToken cancellationToken) =>
        parts.Root.State.UpdateAsync(state => state.PausedBy(by, parts.Time.GetUtcNow()), cancellationToken);

    public Task ResumeAsync(CancellationToken cancellationToken) =>
        parts.Root.State.UpdateAsync(state => state.Resumed(), cancellationToken);

    public string Drain(string replica)
    {
        if (parts.Workload is not IDrainable drainable)
        {
            throw new DewyException(ErrorCode.InvalidOption, $"{agent.Name} has no replicas behind a proxy, so there is nothing to drain.")
            {
                Target = replica,
                NextStep = "Restart it with POST /api/deploy and {\"force\": true} after a new release, or with the signal HUP.",
            };
        }

        var replicas = agent.GetStatus().Replicas;
        var named = replicas.FirstOrDefault(candidate => string.Equals(candidate.Name, replica, StringComparison.Ordinal) || string.Equals(candidate.Id, replica, StringComparison.Ordinal));
        var found = named is not null ? [named] : replicas.Where(candidate => candidate.Image is not null && replica.Length >= ShortestId && candidate.Id.StartsWith(replica, StringComparison.Ordinal)).ToArray();
        if (found is [{ State: ReplicaState.Healthy } last] && replicas.Count(candidate => candidate.State == ReplicaState.Healthy) == 1)
        {
            throw new DewyException(ErrorCode.InvalidOption, $"{last.Name} is the only replica that gets requests: without it they would be refused.")
            {
                Target = last.Name,
                NextStep = "Send the agent HUP, which starts another one first, or run more --replicas.",
            };
        }

        return found is [var one] && drainable.TryDrain(one.Id)
            ? one.Name
            : throw new DewyException(ErrorCode.ReplicaNotFound, found.Length > 1 ? $"Several replicas have an id that begins with {replica}." : $"No replica {replica} is in rotation.")
            {
                Target = replica,
                NextStep = replicas.Count == 0 ? "See what runs with GET /api/replicas." : $"Name one of: {string.Join(", ", replicas.Select(candidate => candidate.Name))}.",
            };
    }

    /// <summary>As short an id as container engines show.</summary>
    private const int ShortestId = 12;

    private async Task<Func<CancellationToken, Task<RequestOutcome>>> AskAsync(OperatorRequest request, Func<RootState, RootState> change, CancellationToken cancellationToken)
    {
        var id = await _requests.AskAsync(request, change, cancellationToken);
        return waiting => _requests.AnswerAsync(id, parts.Options.Agent.DeploymentTimeout, waiting);
    }
}
