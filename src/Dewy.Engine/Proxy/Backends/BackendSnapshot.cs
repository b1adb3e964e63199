namespace Dewy.Engine.Proxy.Backends;

/// <summary>The backends at one moment. Never changes: a request sees one or the next.</summary>
/// <param name="All">In the order in which they joined, draining ones included.</param>
/// <param name="Ready">Those that may be given requests.</param>
internal sealed record BackendSnapshot(Backend[] All, Backend[] Ready)
{
    public static readonly BackendSnapshot Empty = new([], []);

    /// <summary>Sorts out which of them are ready.</summary>
    public static BackendSnapshot Of(IEnumerable<Backend> all)
    {
        Backend[] backends = [.. all];
        return new BackendSnapshot(backends, [.. backends.Where(backend => backend.DrainingSince is null && backend.Health.IsHealthy)]);
    }
}
