namespace Dewy.PowerShell.Completion;

/// <summary>Ids of the deployments in a root's history, newest first.</summary>
public sealed class DeploymentIdCompleter : EngineCompleter
{
    private const int MostOffered = 50;

    /// <inheritdoc/>
    private protected override async Task<IReadOnlyList<Suggestion>> SuggestAsync(CompletionScene scene, CancellationToken cancellationToken) =>
        [.. (await scene.Session.Engine.GetDeploymentsAsync(scene.Root, MostOffered, cancellationToken)).Select(deployment => new Suggestion(deployment.Id, $"{deployment.Tag} {deployment.Result}"))];
}
