namespace Dewy.PowerShell.Completion;

/// <summary>Names of the replicas that Get-DewyReplica would find.</summary>
public sealed class ReplicaNameCompleter : EngineCompleter
{
    /// <inheritdoc/>
    private protected override async Task<IReadOnlyList<Suggestion>> SuggestAsync(CompletionScene scene, CancellationToken cancellationToken)
    {
        var ofSession = scene.HasRoot ? [] : scene.Session.Agents.Where(job => !job.HasEnded).SelectMany(job => job.Status.Replicas);
        var ofRoot = await scene.Session.Engine.GetReplicasAsync(scene.Root, cancellationToken);
        return [.. ofSession.Concat(ofRoot).Select(replica => new Suggestion(replica.Name, $"{replica.Tag} {replica.State}"))];
    }
}
