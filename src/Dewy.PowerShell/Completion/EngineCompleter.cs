using System.Collections;
using Dewy.PowerShell.Commands;
using Dewy.PowerShell.Session;

namespace Dewy.PowerShell.Completion;

/// <summary>Completes words that the session, or the engine by looking, knows about the root or registry at hand.</summary>
public abstract class EngineCompleter : WordCompleter
{
    /// <summary>Longest a person waits for a completion.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Asks for the words. Runs off the pipeline's thread; a failure and what takes too long offer nothing.</summary>
    private protected abstract Task<IReadOnlyList<Suggestion>> SuggestAsync(CompletionScene scene, CancellationToken cancellationToken);

    /// <inheritdoc/>
    private protected sealed override IEnumerable<Suggestion> Suggest(IDictionary bound)
    {
        var scene = SceneOf(bound);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            // Completion is synchronous; the question is asked off this thread and given up after the limit.
            var asking = Task.Run(() => SuggestAsync(scene, limit.Token));
            return asking.Wait(Limit) ? asking.Result : [];
        }
        catch (AggregateException)
        {
            return [];
        }
    }

    private static CompletionScene SceneOf(IDictionary bound)
    {
        var location = SessionPath.Location;
        var root = bound["Root"] is string { Length: > 0 } given ? given : null;
        var registry = new OptionSet();
        if (bound["Registry"] is string { Length: > 0 } url)
            registry.Add("registry", new OptionBinder(_ => location).UrlOf(url), "-Registry");
        foreach (var name in new[] { "Slot", "Calver" })
        {
            if (bound[name] is string { Length: > 0 } value)
                registry.Add(name.ToLowerInvariant(), value, $"-{name}");
        }

        return new CompletionScene(ModuleSession.Current(), root is null ? location : SessionPath.Resolve(root), root is not null, registry);
    }
}
