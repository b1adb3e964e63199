namespace Dewy.PowerShell.Completion;

/// <summary>Tags in a root's history, newest first.</summary>
public sealed class DeployedTagCompleter : EngineCompleter
{
    private const int MostLookedAt = 200;

    /// <inheritdoc/>
    private protected override async Task<IReadOnlyList<Suggestion>> SuggestAsync(CompletionScene scene, CancellationToken cancellationToken) =>
        [.. (await scene.Session.Engine.GetDeploymentsAsync(scene.Root, MostLookedAt, cancellationToken)).Select(deployment => new Suggestion(deployment.Tag, $"{deployment.Result} {deployment.FinishedAt:u}"))];
}
