namespace Dewy.PowerShell.Completion;

/// <summary>Names of the agents of the session.</summary>
public sealed class AgentNameCompleter : EngineCompleter
{
    /// <inheritdoc/>
    private protected override Task<IReadOnlyList<Suggestion>> SuggestAsync(CompletionScene scene, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Suggestion>>([.. scene.Session.Agents.Where(job => !job.HasEnded).Select(job => new Suggestion(job.Name, job.Root))]);
}
