namespace Dewy.Engine.Proxy.Standalone;

/// <summary>Backends given by hand.</summary>
/// <param name="portCount">How many ports the proxy has; a backend answers for all of them on its one address.</param>
internal sealed class GivenBackends(int portCount) : IBackendSource
{
    private volatile IReadOnlyList<WantedBackend> _wanted = [];
    private volatile IReadOnlyList<BackendAddress> _unresolved = [];

    /// <summary>The first ones, whose names are resolved when they are asked for.</summary>
    public void Begin(IReadOnlyList<BackendAddress> addresses) => _unresolved = addresses;

    /// <summary>Replaces them.</summary>
    public async Task SetAsync(IReadOnlyList<string> backends, CancellationToken cancellationToken)
    {
        _wanted = await ResolveAsync([.. backends.Select(BackendAddress.Parse)], cancellationToken);
        _unresolved = [];
    }

    public async Task<IReadOnlyList<WantedBackend>> FindAsync(CancellationToken cancellationToken)
    {
        if (_unresolved is { Count: > 0 } first)
        {
            _wanted = await ResolveAsync(first, cancellationToken);
            _unresolved = [];
        }

        return _wanted;
    }

    private async Task<IReadOnlyList<WantedBackend>> ResolveAsync(IReadOnlyList<BackendAddress> addresses, CancellationToken cancellationToken)
    {
        var wanted = new List<WantedBackend>();
        foreach (var address in addresses.DistinctBy(address => address.ToString(), StringComparer.OrdinalIgnoreCase))
        {
            var endPoint = await address.ResolveAsync(cancellationToken);
            wanted.Add(new WantedBackend(address.ToString(), [.. Enumerable.Repeat(endPoint, portCount)]));
        }

        return wanted;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
