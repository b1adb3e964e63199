namespace Dewy.PowerShell.Completion;

/// <summary>What a root can be rolled back to: tags and directory names of releases that are still kept, newest first.</summary>
public sealed class KeptReleaseCompleter : EngineCompleter
{
    private const int MostLookedAt = 200;

    /// <inheritdoc/>
    private protected override async Task<IReadOnlyList<Suggestion>> SuggestAsync(CompletionScene scene, CancellationToken cancellationToken)
    {
        var history = await scene.Session.Engine.GetDeploymentsAsync(scene.Root, MostLookedAt, cancellationToken);
        var kept = history
            .Where(deployment => deployment.Result is DeploymentResult.Succeeded && Directory.Exists(deployment.ReleaseDirectory))
            .ToArray();
        return
        [
            .. kept.Select(deployment => new Suggestion(deployment.Tag, $"deployed {deployment.FinishedAt:u}")),
            .. kept.Select(deployment => new Suggestion(Path.GetFileName(deployment.ReleaseDirectory) ?? "", $"{deployment.Tag}, deployed {deployment.FinishedAt:u}")),
        ];
    }
}
