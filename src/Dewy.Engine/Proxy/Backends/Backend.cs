using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Dewy.Engine.Proxy.Backends;

/// <summary>A replica, or an address given by hand, behind the proxy. Its owner is the <see cref="BackendSet"/>.</summary>
internal sealed class Backend : IDisposable
{
    private readonly BackendPort[] _ports;
    private long _requests;
    private long _failures;

    /// <param name="id">Unique in its set.</param>
    /// <param name="name">Its name for people.</param>
    /// <param name="tag">The release it runs; null where unknown.</param>
    /// <param name="endPoints">One address for each port of the proxy.</param>
    /// <param name="idleTimeout">How long an exchange may be quiet; zero for ever.</param>
    /// <param name="observer">Is told of connections; may be null.</param>
    /// <param name="time">The clock.</param>
    public Backend(string id, string name, string? tag, IReadOnlyList<IPEndPoint> endPoints, TimeSpan idleTimeout, IProxyObserver? observer, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(endPoints);
        Id = id;
        Name = name;
        Tag = tag;
        _ports = [.. endPoints.Select((endPoint, index) => new BackendPort(index, endPoint, idleTimeout, observer, time, Farewell.Ended))];
        Token = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 12));
        Health = new BackendHealth(true, null, time.GetUtcNow());
    }

    public string Id { get; }

    public string Name { get; }

    public string? Tag { get; }

    /// <summary>Names it in a cookie: says nothing of its address, and is the same after the agent was restarted.</summary>
    public string Token { get; }

    public BackendClaims Claims { get; } = new();

    /// <summary>Tells exchanges in flight that the backend leaves.</summary>
    public Farewell Farewell { get; } = new();

    /// <summary>What is known of its health; replaced by its set only.</summary>
    public BackendHealth Health { get; set; }

    /// <summary>Since when it drains; null before.</summary>
    public DateTimeOffset? DrainingSince { get; set; }

    /// <summary>Raised when a request found nobody there.</summary>
    public Signal FoundUnreachable { get; } = new();

    /// <summary>Completes when it has left its set.</summary>
    public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether somebody sees to its draining.</summary>
    public bool IsBeingDrained { get; set; }

    /// <summary>Ends the checks of its health.</summary>
    public CancellationTokenSource CheckEnd { get; } = new();

    /// <summary>The checks of its health; completes soon after <see cref="CheckEnd"/>.</summary>
    public Task Checks { get; set; } = Task.CompletedTask;

    /// <summary>The proxy's port of that index, on this backend.</summary>
    public BackendPort this[int port] => _ports[port];

    public int PortCount => _ports.Length;

    /// <summary>Counts a request given to it.</summary>
    public void CountRequest() => Interlocked.Increment(ref _requests);

    /// <summary>Counts an answer of 500 and above or a broken exchange.</summary>
    public void CountFailure() => Interlocked.Increment(ref _failures);

    public BackendStatus Describe()
    {
        var health = Health;
        return new BackendStatus
        {
            Id = Id,
            Name = Name,
            Tag = Tag,
            Addresses = [.. _ports.Select(port => port.EndPoint.ToString())],
            State = DrainingSince is not null ? ReplicaState.Draining : health.IsHealthy ? ReplicaState.Healthy : ReplicaState.Unhealthy,
            InFlight = Claims.Count,
            Requests = Interlocked.Read(ref _requests),
            Failures = Interlocked.Read(ref _failures),
            Latency = _ports.Select(port => port.Latency.Mean).FirstOrDefault(mean => mean is not null),
            Problem = health.Problem,
            Since = DrainingSince ?? health.Since,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var port in _ports)
            port.Dispose();
        Farewell.Dispose();
        CheckEnd.Dispose();
    }
}
