namespace Dewy.PowerShell.Completion;

/// <summary>Names of the proxies of the session that run by themselves.</summary>
public sealed class ProxyNameCompleter : EngineCompleter
{
    /// <inheritdoc/>
    private protected override Task<IReadOnlyList<Suggestion>> SuggestAsync(CompletionScene scene, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Suggestion>>([.. scene.Session.Proxies.Select(proxy => new Suggestion(proxy.Name, string.Join(", ", proxy.GetStatus().Listen)))]);
}
