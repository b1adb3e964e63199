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
    private static readonly TimeSpan ShortestForgiveness = TimeSpan.FromSeconds(60);

    private readonly ServerOptions _options;
    private readonly string _root;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly IEngineEventSink _events;
    private readonly TimeProvider _time;
    private readonly RunRecord _record;
    private readonly GenerationLauncher _launcher;
    private readonly GenerationStart _start;
    private readonly GenerationEnder _ender;
    private readonly CrashCount _crashes;
    private readonly ChangeSignal _changed = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _letGo = new();
    private readonly CancellationToken _closingToken;
    private readonly CancellationToken _letGoToken;
    private readonly Lock _gate = new();
    private readonly Dictionary<Generation, Task> _supervised = [];
    private readonly List<Task> _drains = [];
    private Generation? _current;
    private ProcessExit? _lastExit;
    private DateTimeOffset? _lastExitAt;
    private IReadOnlyList<ListeningSocket> _sockets = [];
    private bool _closed;
    private bool _disposed;

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
        _closingToken = _closing.Token;
        _letGoToken = _letGo.Token;
        _record = new RunRecord(Path.Combine(root, ".dewy", "processes.json"));
        var output = new GenerationOutput(name, root, options.LogDirectory, redactor, events, time);
        _launcher = new GenerationLauncher(root, options, environment, starter, output, _record, time);
        _start = new GenerationStart(options, redactor, time);
        _ender = new GenerationEnder(options, events, time);
        _crashes = new CrashCount(options.WatchTime > ShortestForgiveness ? options.WatchTime : ShortestForgiveness);
    }

    /// <summary>Where it listens; known once it is open.</summary>
    public IReadOnlyList<ListeningSocket> Sockets => _sockets;

    private bool IsWorker => _sockets.Count == 0;

    private HealthTarget? Health => _options.HealthPath is { } path
        && _sockets.OrderBy(socket => socket.Address.Path is not null).FirstOrDefault() is { } socket
            ? new HealthTarget(socket.ConnectEndPoint, path)
            : null;

    /// <inheritdoc/>
    public WorkloadObservation Observe()
    {
        lock (_gate)
        {
            var serving = _current is { IsAlive: true } ? _current : null;
            return new WorkloadObservation
            {
                Running = serving?.Release,
                LastExit = _lastExit,
                LastExitAt = _lastExitAt,
                Crashes = _crashes.After(serving is null ? TimeSpan.Zero : _time.GetElapsedTime(serving.StartedTimestamp)),
                Processes = [.. _supervised.Keys.Where(generation => generation.IsAlive).OrderBy(generation => generation.Number).Select(Describe)],
            };
        }
    }

    /// <inheritdoc/>
    public Task WaitForChangeAsync(CancellationToken cancellationToken) => _changed.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task OpenAsync(LiveRelease? live, CancellationToken cancellationToken)
    {
        if (!_record.Load())
            Warn("The record of running programs could not be read and was set aside; a program an earlier agent left running is not known.", "processes.json.corrupt", "Look for processes of this application and end those that should not run.");
        var survivors = TakeCharge();
        var opening = new SocketOpening(_environment, survivor => _ender.EndAsync(survivor, cancellationToken), Warn);
        _sockets = await opening.OpenAsync(_options.Listen, survivors);
        _launcher.Sockets = _sockets;
        var adopted = live is null ? null : survivors.Where(survivor => IsWanted(survivor, live)).OrderBy(survivor => (survivor.IsReady, survivor.Number)).LastOrDefault();
        var others = survivors.Where(survivor => survivor != adopted).ToList();
        foreach (var other in others)
            Drain(other, TimeSpan.Zero);
        if (IsWorker && !_options.Overlap)
            await DrainedAsync();
        if (adopted is not null)
            await AdoptAsync(adopted, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ReplaceAsync(LiveRelease release, string reason, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        var stopped = IsWorker && !_options.Overlap ? await StopWorkerAsync() : null;
        try
        {
            await StartAsync(release, _options.Command, reason, cancellationToken);
        }
        catch
        {
            NoteFailedStart(release, reason);
            if (stopped is not null)
                await PutBackAsync(stopped);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task CloseAsync()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
        }

        await _closing.CancelAsync();
        var left = _options.LeaveOnExit ? Serving() : null;
        foreach (var generation in Supervised().Where(generation => generation != left))
            Drain(generation, TimeSpan.Zero);
        await DrainedAsync();
        await LetGoAsync(stillServed: left is not null);
    }

    /// <summary>Lets go of everything without ending anything: what still runs goes on, for the next agent to adopt.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = _closed = true;
        }

        await _closing.CancelAsync();
        await LetGoAsync(stillServed: true);
        _closing.Dispose();
        _letGo.Dispose();
    }

    private static RunningProcess Describe(Generation generation) => new()
    {
        Generation = generation.Number,
        ProcessId = generation.Process.Id,
        Tag = generation.Release.Tag,
        StartedAt = generation.Record.StartedAt,
        Ready = generation.IsReady,
        Stopping = generation.IsStopping,
    };

    private Generation? Serving()
    {
        lock (_gate)
            return _current is { IsAlive: true } ? _current : null;
    }

    private List<Generation> Supervised()
    {
        lock (_gate)
            return [.. _supervised.Keys];
    }

    private List<Generation> TakeCharge()
    {
        var survivors = new List<Generation>();
        foreach (var known in _record.Generations)
        {
            if (!Survivor.IsRunning(known))
            {
                Forget(known.Generation);
                continue;
            }

            var survivor = _launcher.Adopt(known);
            survivors.Add(survivor);
            _ = Supervise(survivor); // LetGoAsync waits for it
            _launcher.CountFrom(known.Generation);
        }

        return survivors;
    }

    private bool IsWanted(Generation survivor, LiveRelease live) =>
        survivor.IsAlive
        && survivor.Record.Runs(live)
        && survivor.Record.Command.SequenceEqual(_options.Command, StringComparer.Ordinal)
        && survivor.Record.Listen.SequenceEqual(_sockets.Select(socket => socket.Address.Spec), StringComparer.Ordinal);

    private async Task AdoptAsync(Generation survivor, CancellationToken cancellationToken)
    {
        try
        {
            await _start.CheckHealthAsync(survivor, Health, SharesSockets(survivor), cancellationToken);
        }
        catch (DewyException exception)
        {
            Warn($"{survivor}, which an earlier agent left running, is not taken over: {exception.Message}", exception.Target, "Nothing: it is replaced.");
            Drain(survivor, TimeSpan.Zero);
            return;
        }

        MarkReady(survivor);
        lock (_gate)
        {
            if (survivor.Ended.IsCompleted)
                return; // its end is known already
            _current = survivor;
            _crashes.Started(survivor.Release, "start");
        }

        _events.Publish(new GenerationAdopted(survivor.Number, survivor.Process.Id, survivor.Release.Tag) { Time = _time.GetUtcNow() });
    }

    private async Task StartAsync(LiveRelease release, IReadOnlyList<string> command, string reason, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var generation = await _launcher.StartAsync(release, command);
        var supervision = Supervise(generation);
        _events.Publish(new GenerationStarted(generation.Number, generation.Process.Id, release.Tag) { Time = _time.GetUtcNow() });
        try
        {
            await _start.WaitUntilReadyAsync(generation, Health, SharesSockets(generation), cancellationToken);
            MarkReady(generation);
            if (!TryPromote(generation, reason))
                throw await GenerationStart.EndedAsync(generation);
        }
        catch
        {
            await _ender.EndAsync(generation, _letGoToken);
            if (generation.Ended.IsCompleted)
                await supervision;
            throw;
        }
    }

    private bool SharesSockets(Generation generation) => Supervised().Exists(other => other != generation && other.IsAlive);

    /// <summary>From now on this one serves, and the one before drains. False where it has ended meanwhile.</summary>
    private bool TryPromote(Generation next, string reason)
    {
        Generation? before;
        lock (_gate)
        {
            if (next.Ended.IsCompleted)
                return false;
            before = _current;
            _current = next;
            _lastExit = null;
            _lastExitAt = null;
            _crashes.Started(next.Release, reason);
        }

        _events.Publish(new GenerationReady(next.Number, next.Process.Id, next.Release.Tag, _time.GetElapsedTime(next.StartedTimestamp)) { Time = _time.GetUtcNow() });
        if (before is not null)
            Drain(before, _options.KillOldDelay);
        return true;
    }

    /// <summary>Ends what runs and waits for it; tells the release that ran.</summary>
    private async Task<LiveRelease?> StopWorkerAsync()
    {
        var running = Serving();
        if (running is not null)
            Drain(running, TimeSpan.Zero);
        await DrainedAsync();
        return running?.Release;
    }

    /// <summary>A worker that had to stop for one that came to nothing goes on; from its own directory, because <c>current</c> points elsewhere.</summary>
    private async Task PutBackAsync(LiveRelease release)
    {
        try
        {
            await StartAsync(release, ServerCommand.In(release, _options.Command, _root), "rollback", _closingToken);
        }
        catch (OperationCanceledException)
        {
            // Closing.
        }
        catch (DewyException exception)
        {
            Warn($"{release.Tag} could not be started again: {exception.Message}", exception.Target, exception.NextStep ?? "Look at its output.");
            _changed.Set();
        }
    }

    private void NoteFailedStart(LiveRelease release, string reason)
    {
        lock (_gate)
        {
            if (string.Equals(reason, "crash", StringComparison.Ordinal))
                _crashes.Add(release, TimeSpan.Zero);
        }
    }

    private Task Supervise(Generation generation)
    {
        var supervision = SuperviseAsync(generation);
        lock (_gate)
            _supervised.Add(generation, supervision);
        return supervision;
    }

    /// <summary>Follows one generation to its end and cleans up after it.</summary>
    private async Task SuperviseAsync(Generation generation)
    {
        await Task.Yield();
        try
        {
            NoteExit(generation, await generation.Ended.WaitAsync(_letGoToken));
            await _ender.EndAsync(generation, _letGoToken); // what is left of its process group
        }
        catch (OperationCanceledException)
        {
            return;
        }

        Forget(generation.Number);
        lock (_gate)
            _supervised.Remove(generation);
        await generation.DisposeAsync();
    }

    private void NoteExit(Generation generation, ProcessExit exit)
    {
        var now = _time.GetUtcNow();
        bool crashed;
        lock (_gate)
        {
            crashed = _current == generation && !exit.Expected;
            if (_current == generation)
                _current = null;
            if (crashed)
            {
                _lastExit = exit;
                _lastExitAt = now;
                _crashes.Add(generation.Release, _time.GetElapsedTime(generation.StartedTimestamp));
            }
        }

        _events.Publish(new GenerationExited(generation.Number, generation.Process.Id, generation.Release.Tag, exit) { Time = now });
        if (crashed)
            _changed.Set();
    }

    private void Drain(Generation generation, TimeSpan delay)
    {
        lock (_gate)
        {
            _drains.RemoveAll(drain => drain.IsCompleted);
            _drains.Add(DrainAsync(generation, delay));
        }
    }

    private async Task DrainAsync(Generation generation, TimeSpan delay)
    {
        await Task.Yield();
        try
        {
            if (delay > TimeSpan.Zero)
                await Task.Delay(delay, _time, _closingToken);
        }
        catch (OperationCanceledException)
        {
            // Closing: at once, then.
        }

        try
        {
            await _ender.EndAsync(generation, _letGoToken);
        }
        catch (OperationCanceledException)
        {
            // Let go of.
        }
    }

    /// <summary>Waits until everything that was told to end has ended.</summary>
    private async Task DrainedAsync()
    {
        Task[] drains;
        lock (_gate)
            drains = [.. _drains];
        await Task.WhenAll(drains);
        Task[] ending;
        lock (_gate)
            ending = [.. _supervised.Where(pair => pair.Key.Ended.IsCompleted).Select(pair => pair.Value)];
        await Task.WhenAll(ending);
    }

    private async Task LetGoAsync(bool stillServed)
    {
        await _letGo.CancelAsync();
        Task[] background;
        lock (_gate)
            background = [.. _supervised.Values, .. _drains];
        await Task.WhenAll(background);
        foreach (var generation in Supervised())
            await generation.DisposeAsync();
        lock (_gate)
            _supervised.Clear();
        foreach (var socket in _sockets)
        {
            if (stillServed)
                socket.KeepFile();
            socket.Dispose();
        }

        _sockets = [];
    }

    private void MarkReady(Generation generation)
    {
        try
        {
            _record.Put(generation.MarkReady());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            WarnOfRecord(exception);
        }
    }

    private void Forget(int generation)
    {
        try
        {
            _record.Remove(generation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            WarnOfRecord(exception);
        }
    }

    private void WarnOfRecord(Exception exception) =>
        Warn($"The record of running programs could not be written: {exception.Message}", Path.Combine(_root, ".dewy", "processes.json"), "Free space on that file system, or give the agent's user write access.");

    private void Warn(string message, string? target, string nextStep) => _events.Publish(new AttentionNeeded(message, target, nextStep) { Time = _time.GetUtcNow() });
}
