namespace Dewy.Engine.Proxy.Standalone;

/// <summary>Tells which backends there shall be.</summary>
internal interface IBackendSource : IAsyncDisposable
{
    /// <summary>The backends now.</summary>
    /// <exception cref="DewyException">It cannot be told now; those there are go on.</exception>
    Task<IReadOnlyList<WantedBackend>> FindAsync(CancellationToken cancellationToken);
}
