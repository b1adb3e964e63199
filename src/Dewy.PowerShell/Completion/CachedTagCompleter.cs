namespace Dewy.PowerShell.Completion;

/// <summary>Tags of the releases in a root's cache, newest first.</summary>
public sealed class CachedTagCompleter : EngineCompleter
{
    /// <inheritdoc/>
    private protected override Task<IReadOnlyList<(string Word, string ToolTip)>> SuggestAsync(IDewyEngine engine, string root, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<(string, string)>>([.. engine.GetCachedArtifacts(root).Select(artifact => (artifact.Tag, $"{artifact.Key}, {artifact.Size} bytes"))]);
}
