using Dewy.Engine.Agent;

namespace Dewy.Engine.Processes;

/// <summary>
/// The generations that run, which of them serves, and how the last one that served ended. Follows each to its end; what
/// goes on in the background here is waited for when it is disposed of.
/// </summary>
internal sealed class GenerationRoster : IAsyncDisposable
{
    private static readonly TimeSpan ShortestForgiveness = TimeSpan.FromSeconds(60);

    private readonly RunRecord _record;
    private readonly IEngineEventSink _events;
    private readonly TimeProvider _time;
    private readonly GenerationEnder _ender;
    private readonly CrashCount _crashes;
    private readonly ChangeSignal _changed = new();
    private readonly CancellationTokenSource _hurry = new();
    private readonly CancellationTokenSource _letGo = new();
    private readonly CancellationToken _hurryToken;
    private readonly CancellationToken _letGoToken;
    private readonly Lock _gate = new();
    private readonly Dictionary<Generation, Task> _followed = [];
    private readonly List<Task> _drains = [];
    private Generation? _current;
    private ProcessExit? _lastExit;
    private DateTimeOffset? _lastExitAt;

    public GenerationRoster(ServerOptions options, RunRecord record, IEngineEventSink events, TimeProvider time)
    {
        _record = record;
        _events = events;
        _time = time;
        _hurryToken = _hurry.Token;
        _letGoToken = _letGo.Token;
        _ender = new GenerationEnder(options, Note, events, time);
        _crashes = new CrashCount(options.WatchTime > ShortestForgiveness ? options.WatchTime : ShortestForgiveness);
    }

    /// <summary>The one that serves; null where none does.</summary>
    public Generation? Serving
    {
        get
        {
            lock (_gate)
                return _current is { IsAlive: true } ? _current : null;
        }
    }

    /// <summary>All that have not wholly ended.</summary>
    public IReadOnlyList<Generation> All
    {
        get
        {
            lock (_gate)
                return [.. _followed.Keys.OrderBy(generation => generation.Number)];
        }
    }

    /// <inheritdoc cref="IWorkload.Observe"/>
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
                Processes = [.. _followed.Keys.Where(generation => generation.IsAlive).OrderBy(generation => generation.Number).Select(generation => generation.Describe())],
            };
        }
    }

    /// <inheritdoc cref="IWorkload.WaitForChangeAsync"/>
    public Task WaitForChangeAsync(CancellationToken cancellationToken) => _changed.WaitAsync(cancellationToken);

    /// <summary>Tells whoever waits that the agent should look.</summary>
    public void Changed() => _changed.Set();

    /// <summary>Follows a generation from now on.</summary>
    public void Add(Generation generation)
    {
        lock (_gate)
            _followed.Add(generation, FollowAsync(generation));
    }

    /// <summary>Whether another one may accept on the same sockets.</summary>
    public bool HasOthers(Generation generation) => All.Any(other => other != generation && other.IsAlive);

    /// <summary>Makes a generation the one that serves. False where it has ended meanwhile.</summary>
    /// <param name="next">The generation; it is ready.</param>
    /// <param name="reason">See <see cref="IWorkload.ReplaceAsync"/>.</param>
    /// <param name="before">The one that served before; null where none did.</param>
    public bool TryPromote(Generation next, string reason, out Generation? before)
    {
        WriteReady(next);
        lock (_gate)
        {
            before = _current;
            if (next.Ended.IsCompleted)
                return false;
            _current = next;
            _lastExit = null;
            _lastExitAt = null;
            _crashes.Started(next.Release, reason);
            return true;
        }
    }

    /// <summary>Takes note that a restart after a crash came to nothing.</summary>
    public void NoteFailedRestart(LiveRelease release)
    {
        lock (_gate)
            _crashes.Add(release, TimeSpan.Zero);
    }

    /// <summary>Ends a generation and returns when it is gone.</summary>
    public async Task EndAsync(Generation generation)
    {
        await _ender.EndAsync(generation, _letGoToken);
        Task? following;
        lock (_gate)
            following = _followed.GetValueOrDefault(generation);
        if (following is not null && !generation.IsAlive)
            await following; // its last words may still be on their way
    }

    /// <summary>Ends a generation in the background.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="delay">How long it may still serve before it is told to end.</param>
    public void Drain(Generation generation, TimeSpan delay = default)
    {
        lock (_gate)
        {
            _drains.RemoveAll(drain => drain.IsCompleted);
            _drains.Add(DrainAsync(generation, delay));
        }
    }

    /// <summary>Waits until everything that is being drained is gone.</summary>
    public async Task DrainedAsync()
    {
        Task[] drains;
        lock (_gate)
            drains = [.. _drains];
        await Task.WhenAll(drains);
    }

    /// <summary>Ends all but one, without the delays that were granted.</summary>
    public async Task DrainAllAsync(Generation? except)
    {
        await _hurry.CancelAsync();
        foreach (var generation in All.Where(generation => generation != except))
            Drain(generation);
        await DrainedAsync();
    }

    /// <summary>Writes a generation down, or its new state.</summary>
    public void Note(GenerationRecord generation) => Write(() => _record.Put(generation));

    /// <summary>Forgets a recorded generation that has ended.</summary>
    public void Forget(int generation) => Write(() => _record.Remove(generation));

    /// <summary>Lets go of what still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await _hurry.CancelAsync();
        await _letGo.CancelAsync();
        Task[] background;
        lock (_gate)
            background = [.. _followed.Values, .. _drains];
        await Task.WhenAll(background);
        foreach (var generation in All)
            await generation.DisposeAsync();
        lock (_gate)
            _followed.Clear();
        _hurry.Dispose();
        _letGo.Dispose();
    }

    private async Task FollowAsync(Generation generation)
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
            _followed.Remove(generation);
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

    private async Task DrainAsync(Generation generation, TimeSpan delay)
    {
        await Task.Yield();
        try
        {
            if (delay > TimeSpan.Zero)
                await Task.Delay(delay, _time, _hurryToken);
        }
        catch (OperationCanceledException)
        {
            // At once, then.
        }

        try
        {
            await EndAsync(generation);
        }
        catch (OperationCanceledException)
        {
            // Let go of.
        }
    }

    private void WriteReady(Generation generation) => Note(generation.MarkReady());

    /// <summary>What is written here only helps the next agent to judge better; failing to is no reason to fail.</summary>
    private void Write(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _events.Publish(new AttentionNeeded(
                $"The record of running programs could not be written: {exception.Message}", _record.Path, "Free space on that file system, or give the agent's user write access.")
            {
                Time = _time.GetUtcNow(),
            });
        }
    }
}
