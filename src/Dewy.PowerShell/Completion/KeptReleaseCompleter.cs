namespace Dewy.PowerShell.Completion;

/// <summary>What a root can be rolled back to: tags and directory names of releases that are still kept, newest first.</summary>
public sealed class KeptReleaseCompleter : EngineCompleter
{
    private const int MostLookedAt = 200;

    /// <inheritdoc/>
    private protected override async Task<IReadOnlyList<(string Word, string ToolTip)>> SuggestAsync(IDewyEngine engine, string root, CancellationToken cancellationToken)
    {
        var history = await engine.GetDeploymentsAsync(root, MostLookedAt, cancellationToken);
        var kept = history
            .Where(deployment => deployment.Result is DeploymentResult.Succeeded && Directory.Exists(deployment.ReleaseDirectory))
            .ToArray();
        return
        [
            .. kept.Select(deployment => (deployment.Tag, $"deployed {deployment.FinishedAt:u}")),
            .. kept.Select(deployment => (Path.GetFileName(deployment.ReleaseDirectory) ?? "", $"{deployment.Tag}, deployed {deployment.FinishedAt:u}")),
        ];
    }
}
