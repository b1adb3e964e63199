using Dewy.Engine.Agent;
using Dewy.Engine.Diagnostics;
using Dewy.Engine.Replicas;

namespace Dewy.Engine.Processes;

/// <summary>
/// Keeps one program running, one generation after another. Listening sockets are bound once and inherited by each of
/// them, so no connection is refused while versions change; a program without sockets is a plain worker.
/// </summary>
internal sealed class GenerationSupervisor : IWorkload
{
    private readonly ServerOptions _options;
    private readonly string _root;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly IEngineEventSink _events;
    private readonly TimeProvider _time;
    private readonly RunRecord _record;
    private readonly GenerationLauncher _launcher;
    private readonly GenerationStart _start;
    private readonly GenerationRoster _roster;
    private IReadOnlyList<ListeningSocket> _sockets = [];
    private bool _closed;

    /// <summary>Makes a supervisor; <see cref="OpenAsync"/> is its first call.</summary>
    /// <param name="name">Name of the application.</param>
    /// <param name="root">Absolute path of the root.</param>
    /// <param name="options">The program and how it is handled.</param>
    /// <param name="environment">The agent's own environment.</param>
    /// <param name="starter">Starts processes.</param>
    /// <param name="redactor">Takes secrets out of output.</param>
    /// <param name="events">Gets the events.</param>
    /// <param name="time">The clock.</param>
    public GenerationSupervisor(
        string name, string root, ServerOptions options, IReadOnlyDictionary<string, string> environment,
        IProcessStarter starter, SecretRedactor redactor, IEngineEventSink events, TimeProvider time)
    {
        _options = options;
        _root = root;
        _environment = environment;
        _events = events;
        _time = time;
        _record = new RunRecord(Path.Combine(root, ".dewy", "processes.json"));
        var output = new GenerationOutput(name, root, options.LogDirectory, redactor, events, time);
        _roster = new GenerationRoster(options, _record, events, time);
        _launcher = new GenerationLauncher(root, options, environment, starter, output, _record, _roster.Note, time);
        _start = new GenerationStart(options, redactor, time);
    }

    /// <summary>Where it listens; known once it is open.</summary>
    public IReadOnlyList<ListeningSocket> Sockets => _sockets;

    /// <summary>Without sockets there is nothing to hand over: the old one ends before the new one starts, unless they may overlap.</summary>
    private bool StopsFirst => _sockets.Count == 0 && !_options.Overlap;

    private HealthTarget? Health => _options.HealthPath is { } path
        && _sockets.OrderBy(socket => socket.Address.Path is not null).FirstOrDefault() is { } socket
            ? new HealthTarget(socket.ConnectEndPoint, path)
            : null;

    /// <inheritdoc/>
    public WorkloadObservation Observe() => _roster.Observe();

    /// <inheritdoc/>
    public Task WaitForChangeAsync(CancellationToken cancellationToken) => _roster.WaitForChangeAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task OpenAsync(LiveRelease? live, CancellationToken cancellationToken)
    {
        _record.RemoveLeftovers();
        if (!_record.Load())
            Warn("The record of running programs could not be read and was set aside; a program an earlier agent left running is not known.", _record.Path + ".corrupt", "Look for processes of this application and end those that should not run.");
        var survivors = TakeCharge();
        _sockets = await new SocketOpening(_environment, _roster.EndAsync, Warn).OpenAsync(_options.Listen, survivors);
        _launcher.Sockets = _sockets;
        var adopted = live is null ? null : survivors.Where(survivor => IsWanted(survivor, live)).OrderBy(survivor => (survivor.IsReady, survivor.Number)).LastOrDefault();
        foreach (var other in survivors.Where(survivor => survivor != adopted))
            _roster.Drain(other);
        if (StopsFirst)
            await _roster.DrainedAsync();
        if (adopted is not null)
            await AdoptAsync(adopted, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ReplaceAsync(LiveRelease release, string reason, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        cancellationToken.ThrowIfCancellationRequested();
        var stopped = StopsFirst ? await StopAsync() : null;
        try
        {
            await StartAsync(release, _options.Command, reason, cancellationToken);
        }
        catch
        {
            if (string.Equals(reason, "crash", StringComparison.Ordinal))
                _roster.NoteFailedRestart(release);
            if (stopped is not null)
                await PutBackAsync(stopped);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task CloseAsync()
    {
        if (_closed)
            return;
        _closed = true;
        var left = _options.LeaveOnExit ? _roster.Serving : null;
        await _roster.DrainAllAsync(except: left);
        await LetGoAsync(stillServed: left is not null);
    }

    /// <summary>Lets go of everything without ending anything: what still runs goes on, for the next agent to adopt.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closed)
            return;
        _closed = true;
        await LetGoAsync(stillServed: true);
    }

    private List<Generation> TakeCharge()
    {
        var survivors = new List<Generation>();
        foreach (var known in _record.Generations)
        {
            if (known.NotifySocket is { } path)
                NotifySocket.RemoveLeftover(path);
            if (!Survivor.IsRunning(known))
            {
                _roster.Forget(known.Generation);
                continue;
            }

            var survivor = _launcher.Adopt(known);
            survivors.Add(survivor);
            _roster.Add(survivor);
            _launcher.CountFrom(known.Generation);
        }

        return survivors;
    }

    private bool IsWanted(Generation survivor, LiveRelease live) =>
        survivor is { IsAlive: true, Record.StoppingSince: null }
        && survivor.Record.Runs(live)
        && (survivor.Record.Command.SequenceEqual(_options.Command, StringComparer.Ordinal)
            || survivor.Record.Command.SequenceEqual(ServerCommand.In(live, _options.Command, _root), StringComparer.Ordinal))
        && survivor.Record.Listen.SequenceEqual(_sockets.Select(socket => socket.Address.Spec), StringComparer.Ordinal);

    private async Task AdoptAsync(Generation survivor, CancellationToken cancellationToken)
    {
        try
        {
            await _start.CheckHealthAsync(survivor, Health, _roster.HasOthers(survivor), cancellationToken);
        }
        catch (DewyException exception)
        {
            Warn($"{survivor}, which an earlier agent left running, is not taken over: {exception.Message}", exception.Target, "Nothing: it is replaced.");
            _roster.Drain(survivor);
            return;
        }

        if (_roster.TryPromote(survivor, "start", out _))
            _events.Publish(new GenerationAdopted(survivor.Number, survivor.Process.Id, survivor.Release.Tag) { Time = _time.GetUtcNow() });
    }

    private async Task StartAsync(LiveRelease release, IReadOnlyList<string> command, string reason, CancellationToken cancellationToken)
    {
        var generation = await _launcher.StartAsync(release, command);
        _roster.Add(generation);
        _events.Publish(new GenerationStarted(generation.Number, generation.Process.Id, release.Tag) { Time = _time.GetUtcNow() });
        try
        {
            await _start.WaitUntilReadyAsync(generation, Health, _roster.HasOthers(generation), cancellationToken);
            if (!_roster.TryPromote(generation, reason, out var before))
                throw await _start.EndedAsync(generation);
            _events.Publish(new GenerationReady(generation.Number, generation.Process.Id, release.Tag, _time.GetElapsedTime(generation.StartedTimestamp)) { Time = _time.GetUtcNow() });
            if (before is not null)
                _roster.Drain(before, _options.KillOldDelay);
        }
        catch
        {
            await _roster.EndAsync(generation);
            throw;
        }
    }

    /// <summary>Ends what runs and waits for it; tells the release that ran.</summary>
    private async Task<LiveRelease?> StopAsync()
    {
        var running = _roster.Serving;
        if (running is not null)
            _roster.Drain(running);
        await _roster.DrainedAsync();
        return running?.Release;
    }

    /// <summary>A worker that had to stop for one that came to nothing goes on; from its own directory, because <c>current</c> points elsewhere.</summary>
    private async Task PutBackAsync(LiveRelease release)
    {
        try
        {
            using var limit = new CancellationTokenSource(_options.StartWait + _options.ReadyTimeout, _time);
            await StartAsync(release, ServerCommand.In(release, _options.Command, _root), "rollback", limit.Token);
        }
        catch (Exception exception) when (exception is DewyException or OperationCanceledException)
        {
            Warn($"{release.Tag} could not be started again: {exception.Message}", _options.Command[0], (exception as DewyException)?.NextStep ?? "Look at its output.");
            _roster.Changed();
        }
    }

    private async Task LetGoAsync(bool stillServed)
    {
        await _roster.DisposeAsync();
        foreach (var socket in _sockets)
        {
            if (stillServed)
                socket.KeepFile();
            socket.Dispose();
        }

        _sockets = [];
    }

    private void Warn(string message, string? target, string nextStep) => _events.Publish(new AttentionNeeded(message, target, nextStep) { Time = _time.GetUtcNow() });
}
