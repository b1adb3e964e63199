namespace Dewy;

/// <summary>A proxy by itself: its backends are given, or found by an application's labels.</summary>
public interface IDewyProxy : IAsyncDisposable
{
    /// <summary>Name of the proxy, or of the application it found its backends by.</summary>
    string Name { get; }

    /// <summary>Binds the ports and accepts connections. Backends join as soon as they are healthy.</summary>
    /// <exception cref="DewyException">A port is taken, a certificate cannot be used, a backend's name is not known, or the engine that has the containers does not answer.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    ProxyStatus GetStatus();

    /// <summary>
    /// Replaces the backends. Returns when each new one was looked at once: those that are healthy get requests, the others
    /// once they are. Those no longer named get no more requests as soon as one of those named is healthy, and leave when
    /// what they have in flight is done; until then they serve on.
    /// </summary>
    /// <param name="backends">Addresses such as <c>127.0.0.1:5001</c>, <c>[::1]:5001</c> or <c>http://app.internal:5001</c>.</param>
    /// <param name="cancellationToken">Gives up before anything is changed.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: an address cannot be understood or resolved, or the backends come from labels.</exception>
    Task SetBackendsAsync(IReadOnlyList<string> backends, CancellationToken cancellationToken);

    /// <summary>Closes the ports, lets requests in flight finish within the drain time, and ends the rest.</summary>
    /// <returns>How many had to be ended.</returns>
    Task<int> StopAsync();
}
