namespace Dewy.PowerShell.Completion;

/// <summary>Ids of the deployments in a root's history, newest first.</summary>
public sealed class DeploymentIdCompleter : EngineCompleter
{
    private const int MostOffered = 50;

    /// <inheritdoc/>
    private protected override async Task<IReadOnlyList<(string Word, string ToolTip)>> SuggestAsync(IDewyEngine engine, string root, CancellationToken cancellationToken) =>
        [.. (await engine.GetDeploymentsAsync(root, MostOffered, cancellationToken)).Select(deployment => (deployment.Id, $"{deployment.Tag} {deployment.Result}"))];
}
