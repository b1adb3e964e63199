using System.Management.Automation;

namespace Dewy.PowerShell.Jobs;

/// <summary>Where PowerShell finds the agents of a session. It makes one of these for each runspace.</summary>
public sealed class AgentJobSourceAdapter : JobSourceAdapter
{
    /// <summary>Name of the start parameter that carries the request.</summary>
    internal const string RequestParameter = "Request";

    private readonly Lock _gate = new();
    private readonly List<AgentJob> _jobs = [];

    public AgentJobSourceAdapter() => Name = AgentJob.TypeName;

    /// <inheritdoc/>
    public override Job2 NewJob(JobInvocationInfo specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        var request = specification.Parameters
            .SelectMany(parameters => parameters)
            .Where(parameter => parameter.Name is RequestParameter)
            .Select(parameter => parameter.Value as AgentJobRequest)
            .FirstOrDefault()
            ?? throw new NotSupportedException("Agents are started with Start-DewyAgent.");
        var forget = request.Removed;
        var job = new AgentJob(request with { Removed = removed => { Forget(removed); forget(removed); } });
        lock (_gate)
            _jobs.Add(job);
        return job;
    }

    /// <inheritdoc/>
    public override IList<Job2> GetJobs() => Where(_ => true);

    /// <inheritdoc/>
    public override IList<Job2> GetJobsByName(string name, bool recurse) => Where(job => Matches(name, job.Name));

    /// <inheritdoc/>
    public override IList<Job2> GetJobsByCommand(string command, bool recurse) => Where(job => Matches(command, job.Command));

    /// <inheritdoc/>
    public override Job2? GetJobByInstanceId(Guid instanceId, bool recurse) => Where(job => job.InstanceId == instanceId) is [var job, ..] ? job : null;

    /// <inheritdoc/>
    public override Job2? GetJobBySessionId(int id, bool recurse) => Where(job => job.Id == id) is [var job, ..] ? job : null;

    /// <inheritdoc/>
    public override IList<Job2> GetJobsByState(JobState state, bool recurse) => Where(job => job.JobStateInfo.State == state);

    /// <summary>Agents that fit every entry of the filter: Id, InstanceId, Name, Command, State and Root are known.</summary>
    public override IList<Job2> GetJobsByFilter(Dictionary<string, object> filter, bool recurse)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return Where(job => filter.All(wanted => PropertyOf(job, wanted.Key) is { } value && Matches($"{wanted.Value}", value)));
    }

    /// <inheritdoc/>
    public override void RemoveJob(Job2 job)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (job is AgentJob agentJob)
            Forget(agentJob);
        job.Dispose();
    }

    private static string? PropertyOf(AgentJob job, string name) => name.ToUpperInvariant() switch
    {
        "ID" => $"{job.Id}",
        "INSTANCEID" => $"{job.InstanceId}",
        "NAME" => job.Name,
        "COMMAND" => job.Command,
        "STATE" => $"{job.JobStateInfo.State}",
        "ROOT" => job.Root,
        _ => null,
    };

    private static bool Matches(string pattern, string value) => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(value);

    private void Forget(AgentJob job)
    {
        lock (_gate)
            _jobs.Remove(job);
    }

    private List<Job2> Where(Func<AgentJob, bool> fits)
    {
        lock (_gate)
            return [.. _jobs.Where(fits)];
    }
}
