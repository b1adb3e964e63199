using Dewy.Engine.Admin.Operations;

namespace Dewy.Engine.Admin.Answers;

/// <summary>Makes answers of what the agent knows.</summary>
internal sealed class StatusReader(IAgentOperations agent, string version, DateTimeOffset startedAt, bool metrics, TimeProvider time)
{
    private readonly RequestRates _rates = new(time);

    public StatusAnswer Read()
    {
        var status = agent.GetStatus();
        return new StatusAnswer
        {
            Name = status.Name,
            Command = (status.Mode ?? DeploymentMode.Assets).ToString().ToLowerInvariant(),
            CurrentVersion = status.Current?.Tag ?? "",
            ProxyBackends = status.Proxy?.Backends.Count ?? 0,
            IsRunning = status.Processes.Any(process => process is { Ready: true, Stopping: false }) || status.Replicas.Any(replica => replica.State == ReplicaState.Healthy),
            State = status.State,
            Root = status.Root,
            Registry = status.Registry,
            ProcessId = Environment.ProcessId,
            Version = version,
            StartedAt = startedAt,
            Now = time.GetUtcNow(),
            LastCheck = status.LastCheck,
            NewestVersion = status.NewestTag,
            Current = status.Current,
            Previous = status.Previous,
            Pin = status.Pin,
            Pause = status.Pause,
            Held = status.Held,
            Blocked = status.Blocked,
            Processes = status.Processes,
            Replicas = Replicas(status),
            Proxy = status.Proxy,
            LastDeployment = status.LastDeployment,
            Metrics = metrics,
        };
    }

    public IReadOnlyList<ReplicaAnswer> ReadReplicas() => Replicas(agent.GetStatus());

    public IReadOnlyList<ContainerAnswer> ReadContainers() =>
        [.. agent.GetStatus().Replicas.Where(replica => replica.Image is not null).Select(ContainerAnswer.Of)];

    private List<ReplicaAnswer> Replicas(AgentStatus status)
    {
        Dictionary<string, long> requests = new(StringComparer.Ordinal);
        foreach (var replica in status.Replicas)
            requests[replica.Id] = replica.Requests;
        var rates = _rates.Measure(requests);
        return [.. status.Replicas.Select(replica => ReplicaAnswer.Of(
            replica,
            status.Proxy?.Backends.FirstOrDefault(backend => string.Equals(backend.Id, replica.Id, StringComparison.Ordinal)),
            rates.TryGetValue(replica.Id, out var rate) ? rate : null))];
    }
}
