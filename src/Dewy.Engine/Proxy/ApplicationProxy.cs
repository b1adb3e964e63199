using Dewy.Engine.Processes;
using Dewy.Engine.Proxy.Backends;
using Dewy.Engine.Replicas;

namespace Dewy.Engine.Proxy;

/// <summary>The proxy of one application, inside its agent: takes the sockets the agent was handed, and stops as the options say.</summary>
internal sealed class ApplicationProxy : IProxy
{
    private readonly string _application;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly ProxyServer _server;
    private bool _started;

    /// <param name="application">Its name.</param>
    /// <param name="options">Ports, policy and limits.</param>
    /// <param name="backends">Where requests go.</param>
    /// <param name="environment">The agent's own environment, where socket activation is announced.</param>
    /// <param name="events">Where events go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="observer">Is told of every exchange; may be null.</param>
    public ApplicationProxy(
        string application, ProxyOptions options, BackendSet backends, IReadOnlyDictionary<string, string> environment, IEngineEventSink events, TimeProvider time, IProxyObserver? observer = null)
    {
        _application = application;
        _environment = environment;
        _server = new ProxyServer(options, backends, events, time, observer);
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var inherited = InheritedSockets.FromEnvironment(_environment, Environment.ProcessId);
        await _server.StartAsync(inherited, cancellationToken);
        _started = true;
    }

    /// <inheritdoc/>
    public async Task<int> StopAsync() => _started ? await _server.StopAsync(CancellationToken.None) : 0;

    /// <inheritdoc/>
    public ProxyStatus GetStatus() => _server.GetStatus(_application);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
