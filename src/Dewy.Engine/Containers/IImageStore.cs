namespace Dewy.Engine.Containers;

/// <summary>The container engine's images of one repository.</summary>
internal interface IImageStore
{
    /// <summary>Brings a release's image to the engine, by digest; returns at once where it is there.</summary>
    /// <exception cref="DewyException">The image is not found, the registry refuses or does not answer, or the engine does not.</exception>
    Task PullAsync(Release release, CancellationToken cancellationToken);

    /// <summary>Removes images that Dewy brought and that are neither needed, nor used by a container, nor among the newest that are kept.</summary>
    Task PruneAsync(IReadOnlyList<LiveRelease> needed, CancellationToken cancellationToken);
}
