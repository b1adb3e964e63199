using System.Collections.Concurrent;
using Dewy.Engine.Processes;
using Dewy.Engine.Proxy.Backends;
using Dewy.Engine.Replicas;

namespace Dewy.Engine.Proxy.Standalone;

/// <summary>A proxy without an agent. One task keeps its backends as its source has them: each joins once it is healthy, and is shown as unhealthy until then.</summary>
internal sealed class StandaloneProxy : IDewyProxy
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);

    private readonly ProxyOptions _options;
    private readonly IBackendSource _source;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly IEngineEventSink _events;
    private readonly TimeProvider _time;
    private readonly BackendSet _backends;
    private readonly ProxyServer _server;
    private readonly HealthCheck _health;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly List<Task> _leaving = [];
    private readonly ConcurrentDictionary<string, BackendStatus> _waiting = new(StringComparer.Ordinal);
    private TaskCompletionSource _nextTurn = NewTurn();
    private Task _keeping = Task.CompletedTask;
    private bool _isTroubled;
    private bool _disposed;

    /// <param name="name">Of the proxy.</param>
    /// <param name="options">Ports, policy and limits.</param>
    /// <param name="source">Which backends there shall be; owned.</param>
    /// <param name="environment">Where socket activation is announced.</param>
    /// <param name="events">Gets the events.</param>
    /// <param name="time">The clock.</param>
    public StandaloneProxy(string name, ProxyOptions options, IBackendSource source, IReadOnlyDictionary<string, string> environment, IEngineEventSink events, TimeProvider time)
    {
        Name = name;
        _options = options;
        _source = source;
        _environment = environment;
        _events = events;
        _time = time;
        _backends = new BackendSet(options, events, time);
        _server = new ProxyServer(options, _backends, events, time);
        _health = new HealthCheck(time);
    }

    public string Name { get; }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await ApplyAsync(await _source.FindAsync(cancellationToken), cancellationToken); // those that are healthy serve from the first connection on
        using var inherited = InheritedSockets.FromEnvironment(_environment, Environment.ProcessId);
        await _server.StartAsync(inherited, cancellationToken);
        _keeping = KeepAsync(_stop.Token);
    }

    /// <inheritdoc/>
    public ProxyStatus GetStatus() => _server.GetStatus(Name) is var status && _waiting.IsEmpty
        ? status
        : status with { Backends = [.. status.Backends, .. _waiting.Values.OrderBy(backend => backend.Name, StringComparer.Ordinal)] };

    /// <inheritdoc/>
    public async Task SetBackendsAsync(IReadOnlyList<string> backends, CancellationToken cancellationToken)
    {
        if (_source is not GivenBackends given)
            throw new DewyException(ErrorCode.InvalidOption, $"The backends of {Name} are the containers of its application.") { Target = Name, NextStep = "Start a proxy with -Backend to give them by hand." };
        await given.SetAsync(backends, cancellationToken);
        var turn = Volatile.Read(ref _nextTurn).Task; // one that begins from here on sees them
        _changed.Release();
        await turn.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<int> StopAsync()
    {
        if (_disposed)
            return 0;
        await _stop.CancelAsync();
        await _keeping;
        var ended = await _server.StopAsync(CancellationToken.None);
        await Task.WhenAll(_leaving);
        return ended;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await _stop.CancelAsync();
        await _keeping;
        await _server.DisposeAsync();
        await _backends.DisposeAsync();
        await Task.WhenAll(_leaving);
        await _source.DisposeAsync();
        _changed.Dispose();
        _stop.Dispose();
    }

    private static TaskCompletionSource NewTurn() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task KeepAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop);
                await Task.WhenAny(_changed.WaitAsync(waiting.Token), Task.Delay(Pace, _time, waiting.Token));
                await waiting.CancelAsync();
                stop.ThrowIfCancellationRequested();
                var turn = Interlocked.Exchange(ref _nextTurn, NewTurn());
                try
                {
                    await KeepOnceAsync(stop);
                }
                finally
                {
                    turn.TrySetResult();
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        finally
        {
            Volatile.Read(ref _nextTurn).TrySetResult(); // there is none any more
        }
    }

    /// <summary>One turn. A failure is told once, until a turn succeeds, and ends nothing: those there are go on.</summary>
    private async Task KeepOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ApplyAsync(await _source.FindAsync(cancellationToken), cancellationToken);
            _isTroubled = false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The root of a turn.
            var known = exception as DewyException;
            if (!_isTroubled)
                _events.Publish(new AttentionNeeded($"The backends of {Name} cannot be looked after: {exception.Message}", known?.Target ?? Name, known?.NextStep) { Time = _time.GetUtcNow() });
            _isTroubled = true;
        }
    }

    private async Task ApplyAsync(IReadOnlyList<WantedBackend> wanted, CancellationToken cancellationToken)
    {
        var current = _backends.Current;
        var names = wanted.Select(backend => backend.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var unwanted in _waiting.Keys.Where(name => !names.Contains(name)))
            _waiting.TryRemove(unwanted, out _);
        await Task.WhenAll(wanted.Where(backend => current.All(known => known.Id != backend.Name)).Select(backend => JoinAsync(backend, cancellationToken)));

        // Those that leave go when another can take over; where none can, they serve on.
        _leaving.RemoveAll(task => task.IsCompleted);
        if (wanted.Count > 0 && !_backends.Current.Any(backend => names.Contains(backend.Id) && backend.State == ReplicaState.Healthy))
            return;
        foreach (var gone in current.Where(backend => !names.Contains(backend.Id) && backend.State != ReplicaState.Draining))
            _leaving.Add(_backends.DrainAsync(gone.Id, _options.DrainTime, CancellationToken.None));
    }

    /// <summary>One look: one that is not healthy yet is looked at again with the next turn.</summary>
    private async Task JoinAsync(WantedBackend backend, CancellationToken cancellationToken)
    {
        var never = Task.Delay(Timeout.Infinite, cancellationToken);
        var report = await _health.RunAsync(new HealthTarget(backend.EndPoints[0], _options.HealthPath), ProbeTimeout, never, ownerOf: null, cancellationToken);
        if (report.Healthy)
        {
            _waiting.TryRemove(backend.Name, out _);
            _backends.Add(backend.Name, backend.EndPoints);
            return;
        }

        _waiting[backend.Name] = new BackendStatus
        {
            Id = backend.Name,
            Name = backend.Name,
            Addresses = [.. backend.EndPoints.Select(endPoint => $"{endPoint}")],
            State = ReplicaState.Unhealthy,
            Problem = report.LastAnswer,
            Since = _waiting.TryGetValue(backend.Name, out var before) ? before.Since : _time.GetUtcNow(),
        };
    }
}
