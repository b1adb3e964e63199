using System.Net;
using Dewy.Engine.Replicas;

namespace Dewy.Engine.Proxy.Backends;

/// <summary>
/// The backends of a proxy. Requests read an immutable snapshot and claim a backend in it before anything is sent; whoever
/// changes the set replaces the snapshot. A backend is closed for claims before it drains, so that draining is waiting for
/// claims to end, and a request that saw an older snapshot cannot start on it.
/// </summary>
internal sealed class BackendSet : IBackends
{
    /// <summary>How long exchanges with a replica that has ended may take to notice.</summary>
    private static readonly TimeSpan DropLimit = TimeSpan.FromSeconds(10);

    private readonly ProxyOptions _options;
    private readonly IEngineEventSink _events;
    private readonly TimeProvider _time;
    private readonly IProxyObserver? _observer;
    private readonly Balancer _balancer;
    private readonly HeldRequests _held;
    private readonly int _checkedPort;
    private readonly Lock _sync = new();
    private readonly List<Task> _retirements = [];
    private readonly Signal _readyChanged = new();
    private readonly Signal _healthChanged = new();
    private BackendSnapshot _snapshot = BackendSnapshot.Empty;
    private bool _disposed;

    /// <param name="options">Policy, limits and checks.</param>
    /// <param name="events">Gets the events.</param>
    /// <param name="time">The clock.</param>
    /// <param name="observer">Is told of connections to backends; may be null.</param>
    public BackendSet(ProxyOptions options, IEngineEventSink events, TimeProvider time, IProxyObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _events = events;
        _time = time;
        _observer = observer;
        _balancer = new Balancer(options.Balance);
        _held = new HeldRequests(options.Hold, time);
        _checkedPort = Math.Max(0, options.Ports.ToList().FindIndex(port => !port.IsTcp));
    }

    /// <inheritdoc/>
    public IReadOnlyList<BackendStatus> Current => [.. Snapshot.All.Select(backend => backend.Describe())];

    /// <summary>Whether a claim would be granted now.</summary>
    public bool HasReady => Snapshot.Ready.Length > 0;

    /// <summary>Whether clients are told by a cookie which backend is theirs.</summary>
    public bool IsSticky => _options.Balance == BalancePolicy.Sticky;

    private BackendSnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <inheritdoc/>
    public void Add(IReplica replica)
    {
        ArgumentNullException.ThrowIfNull(replica);
        Add(replica.Id, replica.Name, replica.Release.Tag, replica.EndPoints);
    }

    /// <summary>Puts a backend into rotation that is no replica of ours; it counts as healthy until it is found not to be.</summary>
    /// <param name="name">Its name for people, and its id.</param>
    /// <param name="endPoints">One address for each port of the proxy.</param>
    public void Add(string name, IReadOnlyList<IPEndPoint> endPoints) => Add(name, name, tag: null, endPoints);

    /// <summary>Claims a healthy backend; the claim must be given back with <see cref="Release"/> when the exchange has ended.</summary>
    /// <param name="token">The backend a sticky client asks for; null where it asks for none.</param>
    /// <param name="avoid">The backend to take only where there is no other; null for none.</param>
    /// <returns>The backend, or null where none is healthy.</returns>
    public Backend? TryClaim(string? token = null, Backend? avoid = null)
    {
        while (true)
        {
            var snapshot = Snapshot;
            var ready = snapshot.Ready;
            if (ready.Length == 0)
                return null;
            var first = _balancer.Choose(ready, token);
            for (var step = 0; step < ready.Length; step++)
            {
                var backend = ready[(first + step) % ready.Length];
                if ((!ReferenceEquals(backend, avoid) || ready.Length == 1) && backend.Claims.TryClaim())
                {
                    backend.CountRequest();
                    return backend;
                }
            }

            // All of them were closed meanwhile: a newer snapshot says so. What is avoided is better than nothing.
            avoid = null;
            if (ReferenceEquals(snapshot, Snapshot) && Array.TrueForAll(ready, backend => backend.Claims.IsClosed))
                return null;
        }
    }

    /// <summary>As <see cref="TryClaim"/>, but waits up to <see cref="ProxyOptions.Hold"/> for a backend to become healthy.</summary>
    public ValueTask<Backend?> ClaimAsync(string? token, Backend? avoid, CancellationToken cancellationToken)
    {
        var backend = TryClaim(token, avoid);
        return backend is not null || !_held.IsOn
            ? ValueTask.FromResult(backend)
            : HoldAsync(token, cancellationToken);
    }

    /// <summary>Gives a claim back.</summary>
    public static void Release(Backend backend) => backend.Claims.Release();

    /// <summary>Takes a backend out of rotation that could not be connected to; the next check that succeeds puts it in again.</summary>
    public void ReportUnreachable(Backend backend, string problem)
    {
        ArgumentNullException.ThrowIfNull(backend);
        SetHealth(backend, isHealthy: false, problem);
        backend.FoundUnreachable.Raise();
    }

    /// <inheritdoc/>
    public async Task<int> DrainAsync(string replicaId, TimeSpan limit, CancellationToken cancellationToken)
    {
        Backend? backend;
        bool mine;
        lock (_sync)
        {
            backend = Find(replicaId);
            if (backend is null)
                return 0;
            mine = !backend.IsBeingDrained;
            backend.IsBeingDrained = true;
            Close(backend);
        }

        if (!mine)
        {
            await backend.Left.Task.WaitAsync(cancellationToken);
            return 0;
        }

        try
        {
            var started = _time.GetTimestamp();
            await backend.CheckEnd.CancelAsync();
            var ended = await backend.Farewell.RunAsync(backend.Claims.Idle, () => backend.Claims.Count, limit, _time, cancellationToken);
            await RetireAsync(backend, ended, started);
            return ended;
        }
        finally
        {
            backend.IsBeingDrained = false;
        }
    }

    /// <inheritdoc/>
    public void Drop(string replicaId)
    {
        lock (_sync)
        {
            if (_disposed || Find(replicaId) is not { IsBeingDrained: false } backend)
                return; // whoever drains it goes on, and soon finds it empty
            backend.IsBeingDrained = true;
            Close(backend);
            Replace(Snapshot.All.Where(other => other != backend));
            _retirements.RemoveAll(task => task.IsCompleted);
            _retirements.Add(DropAsync(backend));
        }
    }

    /// <inheritdoc/>
    public Task WaitForChangeAsync(CancellationToken cancellationToken) => _healthChanged.Next.WaitAsync(cancellationToken);

    /// <summary>Ends the checks and closes the connections to the backends. The proxy has stopped by then.</summary>
    public async ValueTask DisposeAsync()
    {
        Backend[] left;
        Task[] retirements;
        lock (_sync)
        {
            if (_disposed)
                return;
            _disposed = true;
            left = [.. Snapshot.All.Where(backend => !backend.IsBeingDrained)];
            retirements = [.. _retirements];
            foreach (var backend in left)
                backend.Claims.Close();
            Replace([]);
        }

        foreach (var backend in left)
        {
            await backend.CheckEnd.CancelAsync();
            await backend.Farewell.EndAsync();
            await backend.Checks;
            backend.Left.TrySetResult();
            backend.Dispose();
        }

        await Task.WhenAll(retirements);
    }

    private void Add(string id, string name, string? tag, IReadOnlyList<IPEndPoint> endPoints)
    {
        if (endPoints.Count < _options.Ports.Count)
            throw new DewyException(ErrorCode.InvalidConfiguration, $"{name} has {endPoints.Count} addresses for {_options.Ports.Count} ports of the proxy.") { Target = name };
        lock (_sync)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (Find(id) is not null)
                return;
            var backend = new Backend(id, name, tag, endPoints, _options.IdleTimeout, _observer, _time);
            var target = new HealthTarget(backend[_checkedPort].EndPoint, _options.HealthPath);
            var check = new BackendCheck(backend, target, _time, (healthy, description) => SetHealth(backend, healthy, description));
            backend.Checks = check.RunAsync(backend.CheckEnd.Token);
            Replace(Snapshot.All.Append(backend));
            Publish(new BackendAdded(name, tag ?? "", string.Join(", ", endPoints)) { Time = _time.GetUtcNow() });
        }

        _readyChanged.Raise();
    }

    /// <summary>Apart from its caller, which must not pay for what this captures.</summary>
    private ValueTask<Backend?> HoldAsync(string? token, CancellationToken cancellationToken) =>
        _held.WaitAsync(_readyChanged, () => TryClaim(token), cancellationToken);

    private void SetHealth(Backend backend, bool isHealthy, string description)
    {
        var problem = isHealthy ? null : description;
        lock (_sync)
        {
            if (_disposed || backend.DrainingSince is not null)
                return;
            if (backend.Health.IsHealthy == isHealthy)
            {
                backend.Health = backend.Health with { Problem = problem };
                return;
            }

            backend.Health = new BackendHealth(isHealthy, problem, _time.GetUtcNow());
            Replace(Snapshot.All);
            Publish(new BackendHealthChanged(backend.Name, backend.Tag ?? "", isHealthy, description) { Time = _time.GetUtcNow() });
        }

        _healthChanged.Raise();
        if (isHealthy)
            _readyChanged.Raise();
    }

    /// <summary>Lets no exchange start on it any more. To be called under the lock.</summary>
    private void Close(Backend backend)
    {
        var inFlight = backend.Claims.Close();
        if (backend.DrainingSince is not null)
            return;
        backend.DrainingSince = _time.GetUtcNow();
        Replace(Snapshot.All);
        Publish(new BackendDraining(backend.Name, backend.Tag ?? "", inFlight) { Time = _time.GetUtcNow() });
    }

    private async Task DropAsync(Backend backend)
    {
        var started = _time.GetTimestamp();
        await backend.CheckEnd.CancelAsync();
        var ended = await backend.Farewell.RunAsync(backend.Claims.Idle, () => backend.Claims.Count, DropLimit, _time, CancellationToken.None);
        await RetireAsync(backend, ended, started);
    }

    private async Task RetireAsync(Backend backend, int ended, long started)
    {
        await backend.Checks;
        lock (_sync)
        {
            Replace(Snapshot.All.Where(other => other != backend));
            Publish(new BackendRemoved(backend.Name, backend.Tag ?? "", ended, _time.GetElapsedTime(started)) { Time = _time.GetUtcNow() });
        }

        backend.Left.TrySetResult();
        backend.Dispose();
    }

    private Backend? Find(string id) => Array.Find(Snapshot.All, backend => string.Equals(backend.Id, id, StringComparison.Ordinal));

    private void Replace(IEnumerable<Backend> all) => Volatile.Write(ref _snapshot, BackendSnapshot.Of(all));

    private void Publish(EngineEvent engineEvent) => _events.Publish(engineEvent);
}
