using Dewy.Engine.Agent;

namespace Dewy.Engine.Replicas;

/// <summary>The application as replicas behind the proxy: keeps so many of the live release running, and replaces them release by release.</summary>
internal sealed class ReplicaSet : IWorkload, IDrainable
{
    /// <summary>A replica that served before an agent died is asked for this long whether it still does.</summary>
    private static readonly TimeSpan AdoptionTimeout = TimeSpan.FromSeconds(1);

    private readonly string _application;
    private readonly IReplicaHost _host;
    private readonly IBackends _backends;
    private readonly IProxy? _proxy;
    private readonly ReplicaOptions _options;
    private readonly IEngineEventSink _events;
    private readonly TimeProvider _time;
    private readonly ReplicaRoster _roster;
    private readonly ReplicaHealth _health;
    private readonly RollingUpdate _update;
    private LiveRelease? _live;
    private volatile IReadOnlyDictionary<string, string> _lastWords = new Dictionary<string, string>(StringComparer.Ordinal);
    private bool _hostIsSilent;
    private bool _closed;

    /// <summary>Makes the set; <see cref="OpenAsync"/> is its first call.</summary>
    /// <param name="application">Its name.</param>
    /// <param name="host">Where replicas live; owned.</param>
    /// <param name="backends">The proxy's backends; owned.</param>
    /// <param name="proxy">The proxy in front; owned. Null for a command that only replaces replicas and ends.</param>
    /// <param name="options">How many and how.</param>
    /// <param name="events">Gets the events.</param>
    /// <param name="time">The clock.</param>
    public ReplicaSet(string application, IReplicaHost host, IBackends backends, IProxy? proxy, ReplicaOptions options, IEngineEventSink events, TimeProvider time)
    {
        _application = application;
        _host = host;
        _backends = backends;
        _proxy = proxy;
        _options = options;
        _events = events;
        _time = time;
        _roster = new ReplicaRoster(backends, options, events, time);
        _health = new ReplicaHealth(options, events, time);
        _update = new RollingUpdate(host, _roster, _health, options, events, time);
    }

    /// <inheritdoc/>
    public WorkloadObservation Observe()
    {
        var live = _live;
        var backends = _backends.Current.ToDictionary(backend => backend.Id, StringComparer.Ordinal);
        var staying = _roster.Staying;
        var own = staying.Where(entry => entry.Joined && entry.Replica.Release.IsSameAs(live)).ToList();
        var exit = _roster.LastExit;
        return new WorkloadObservation
        {
            Running = own.Count > 0 ? live : null,
            LastExit = exit?.Exit,
            LastExitAt = exit?.At,
            Crashes = _roster.Crashes,
            Amiss = live is null ? null : Amiss(live, staying),
            Ailing = own.Select(entry => Ailment(entry, backends)).OfType<Ailment>().MinBy(ailment => ailment.Since),
            Replicas = [.. _roster.All.Select(entry => Describe(entry, backends))],
            Proxy = _proxy?.GetStatus(),
        };
    }

    /// <inheritdoc/>
    public async Task WaitForChangeAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(_roster.WaitForChangeAsync(either.Token), _backends.WaitForChangeAsync(either.Token));
        await either.CancelAsync();
        await first;
    }

    /// <inheritdoc/>
    public async Task OpenAsync(LiveRelease? live, CancellationToken cancellationToken)
    {
        await _host.OpenAsync(cancellationToken);
        _live = live;
        var survivors = (await _host.FindAsync(cancellationToken)).Select(_roster.Add).ToList();
        await Task.WhenAll(survivors.Where(entry => entry.Stays).Select(entry => AdoptAsync(entry, cancellationToken)));
        if (_proxy is not null)
            await _proxy.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var replica in await _host.FindAsync(cancellationToken))
                _roster.Add(replica);
            _hostIsSilent = false;
        }
        catch (DewyException exception)
        {
            if (!_hostIsSilent)
                _events.Publish(new AttentionNeeded($"The replicas cannot be looked after: {exception.Message}", exception.Target, exception.NextStep) { Time = _time.GetUtcNow() });
            _hostIsSilent = true; // said once an outage; those that answer go on being served
        }

        await HearAilingAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ReplaceAsync(LiveRelease release, string reason, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        cancellationToken.ThrowIfCancellationRequested();
        var failing = reason is "crash" ? AilingLongEnough() : [];
        try
        {
            await _update.RunAsync(
                release,
                reason is "signal" ? _ => false : entry => entry.Replica.IsAsConfigured && !failing.Contains(entry.Replica.Id),
                cancellationToken);
        }
        catch (DewyException exception)
        {
            if (reason is "crash")
                _roster.NoteFailedRestart(release, _roster.LastExit?.Exit ?? new ProcessExit { LastOutput = exception.Message });
            throw;
        }

        _live = release;
        _roster.NoteReplaced(release, reason);
    }

    /// <inheritdoc/>
    public bool TryDrain(string replicaId)
    {
        if (_roster.Staying.FirstOrDefault(entry => entry.Joined && entry.Replica.Id == replicaId) is not { } entry)
            return false;
        _ = _roster.Retire(entry);
        _roster.Changed();
        return true;
    }

    /// <inheritdoc/>
    public async Task CloseAsync()
    {
        if (_closed)
            return;
        _closed = true;
        if (_proxy is not null)
            await _proxy.StopAsync();
        if (_options.LeaveOnExit)
        {
            await _roster.RetiredAsync(); // those that were replaced already are nobody's
        }
        else
        {
            var stopped = _roster.All.Select(_roster.Retire).ToList();
            await Task.WhenAll(stopped);
            if (stopped.Count > 0)
                _events.Publish(new ReplicasCleaned(stopped.Count, Containers: _live is { Directory: null }) { Time = _time.GetUtcNow() });
        }

        await LetGoAsync();
    }

    /// <summary>Lets go of everything without ending anything.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closed)
            return;
        _closed = true;
        await LetGoAsync();
    }

    /// <summary>
    /// Whatever is healthy goes on serving, of whatever release: the cycle that follows replaces what is not the live one,
    /// and until then somebody answers.
    /// </summary>
    private async Task AdoptAsync(ReplicaEntry entry, CancellationToken cancellationToken)
    {
        var replica = entry.Replica;
        if (!await _health.IsHealthyAsync(replica, AdoptionTimeout, cancellationToken))
            return;
        _roster.Join(entry);
        _events.Publish(new ReplicaAdopted(replica.Name, replica.Release.Tag, replica.EndPoints[0].ToString()) { Time = _time.GetUtcNow() });
    }

    /// <summary>What a replica wrote before it stopped answering is part of why: read once, while it can be.</summary>
    private async Task HearAilingAsync(CancellationToken cancellationToken)
    {
        var ailing = _backends.Current.Where(backend => backend.State == ReplicaState.Unhealthy).Select(backend => backend.Id).ToHashSet(StringComparer.Ordinal);
        var heard = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var replica in _roster.Staying.Select(entry => entry.Replica).Where(replica => ailing.Contains(replica.Id)))
        {
            try
            {
                heard[replica.Id] = _lastWords.GetValueOrDefault(replica.Id) ?? await replica.ReadLastOutputAsync(cancellationToken);
            }
            catch (DewyException)
            {
                // Its host is silent as well; asked again next time.
            }
        }

        _lastWords = heard;
    }

    /// <summary>What is not as it shall be; null while everything is.</summary>
    private string? Amiss(LiveRelease live, IReadOnlyList<ReplicaEntry> staying)
    {
        var own = staying.Where(entry => entry.Joined && entry.Replica.Release.IsSameAs(live)).ToList();
        if (own.Count < _options.Count)
            return $"{_options.Count - own.Count} of {_options.Count} replicas of {live.Tag} missing";
        if (own.Count(entry => !entry.Replica.IsAsConfigured) is > 0 and var otherwise)
            return $"{otherwise} of {_options.Count} replicas of {live.Tag} started with other options";
        return staying.Count > _options.Count ? $"{staying.Count - _options.Count} replica(s) too many" : null;
    }

    private HashSet<string> AilingLongEnough()
    {
        var now = _time.GetUtcNow();
        return _backends.Current
            .Where(backend => backend.State == ReplicaState.Unhealthy && now - backend.Since >= _options.HealthTimeout)
            .Select(backend => backend.Id)
            .ToHashSet(StringComparer.Ordinal);
    }

    private Ailment? Ailment(ReplicaEntry entry, Dictionary<string, BackendStatus> backends) =>
        backends.TryGetValue(entry.Replica.Id, out var backend) && backend.State == ReplicaState.Unhealthy
            ? new Ailment(entry.Replica.Name, backend.Problem ?? "it does not answer", backend.Since, backend.Since + _options.HealthTimeout) { LastOutput = _lastWords.GetValueOrDefault(entry.Replica.Id, "") }
            : null;

    private Replica Describe(ReplicaEntry entry, Dictionary<string, BackendStatus> backends)
    {
        var backend = backends.GetValueOrDefault(entry.Replica.Id);
        return entry.Replica.Describe() with
        {
            Application = _application,
            State = entry.IsStopping ? ReplicaState.Stopping
                : entry.Replica.Ended.IsCompleted ? ReplicaState.Exited
                : backend?.State ?? (entry.IsLeaving ? ReplicaState.Draining : ReplicaState.Starting),
            InFlight = backend?.InFlight ?? 0,
            Requests = backend?.Requests ?? 0,
            Problem = backend?.Problem,
        };
    }

    private async Task LetGoAsync()
    {
        await _roster.DisposeAsync();
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        await _backends.DisposeAsync();
        await _host.DisposeAsync();
    }
}
