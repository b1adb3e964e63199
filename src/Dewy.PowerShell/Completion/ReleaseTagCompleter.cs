using Dewy.PowerShell.Commands;

namespace Dewy.PowerShell.Completion;

/// <summary>Tags of the releases in the command's registry, newest first; those in the root's cache where it cannot be asked.</summary>
public sealed class ReleaseTagCompleter : EngineCompleter
{
    /// <inheritdoc/>
    private protected override async Task<IReadOnlyList<Suggestion>> SuggestAsync(CompletionScene scene, CancellationToken cancellationToken)
    {
        var engine = scene.Session.Engine;
        try
        {
            if (scene.Registry.Contains("registry"))
                return [.. (await engine.GetReleasesAsync(scene.Registry, all: true, SilentEvents.Instance, cancellationToken)).Select(release => new Suggestion(release.Tag, $"published {release.CreatedAt:u}"))];
        }
        catch (DewyException)
        {
            // What is cached can still be deployed.
        }

        return [.. engine.GetCachedArtifacts(scene.Root).Select(artifact => new Suggestion(artifact.Tag, "in the cache"))];
    }
}
