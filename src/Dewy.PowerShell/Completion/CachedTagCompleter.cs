namespace Dewy.PowerShell.Completion;

/// <summary>Tags of the releases in a root's cache, newest first.</summary>
public sealed class CachedTagCompleter : EngineCompleter
{
    /// <inheritdoc/>
    private protected override Task<IReadOnlyList<Suggestion>> SuggestAsync(CompletionScene scene, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Suggestion>>([.. scene.Session.Engine.GetCachedArtifacts(scene.Root).Select(artifact => new Suggestion(artifact.Tag, $"{artifact.Key}, {artifact.Size} bytes"))]);
}
