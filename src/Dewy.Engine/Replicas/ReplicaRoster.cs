using Dewy.Engine.Processes;

namespace Dewy.Engine.Replicas;

/// <summary>
/// The replicas there are and what each is there for. Follows every one to its end; what goes on in the background here is
/// waited for when it is disposed of.
/// </summary>
internal sealed class ReplicaRoster : IAsyncDisposable
{
    private static readonly TimeSpan ShortestForgiveness = TimeSpan.FromSeconds(60);

    /// <summary>Stopping takes the host's own time limit; one that hangs beyond this is given up, and looked at again by a later cycle.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(2);

    private readonly IBackends _backends;
    private readonly ReplicaOptions _options;
    private readonly IEngineEventSink _events;
    private readonly TimeProvider _time;
    private readonly CrashCount _crashes;
    private readonly ChangeSignal _changed = new();
    private readonly CancellationTokenSource _letGo = new();
    private readonly CancellationToken _letGoToken;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ReplicaEntry> _entries = new(StringComparer.Ordinal);
    private readonly List<Task> _background = [];
    private (ProcessExit Exit, DateTimeOffset At)? _lastExit;

    public ReplicaRoster(IBackends backends, ReplicaOptions options, IEngineEventSink events, TimeProvider time)
    {
        _backends = backends;
        _options = options;
        _events = events;
        _time = time;
        _letGoToken = _letGo.Token;
        _crashes = new CrashCount(options.WatchTime > ShortestForgiveness ? options.WatchTime : ShortestForgiveness);
    }

    /// <summary>All that are known, oldest first.</summary>
    public IReadOnlyList<ReplicaEntry> All
    {
        get
        {
            lock (_gate)
                return [.. _entries.Values.OrderBy(entry => entry.Replica.StartedAt).ThenBy(entry => entry.Replica.Number)];
        }
    }

    /// <summary>Those that run and are to go on, oldest first.</summary>
    public IReadOnlyList<ReplicaEntry> Staying => [.. All.Where(entry => entry.Stays)];

    /// <summary>How the last one that ended by itself did so, since the last replacement.</summary>
    public (ProcessExit Exit, DateTimeOffset At)? LastExit
    {
        get
        {
            lock (_gate)
                return _lastExit;
        }
    }

    /// <summary>Ends in a row of the live release's replicas that nobody asked for; forgotten once all have been up for a while.</summary>
    public int Crashes
    {
        get
        {
            lock (_gate)
                return _crashes.After(_lastExit is { } exit ? _time.GetUtcNow() - exit.At : TimeSpan.Zero);
        }
    }

    public Task WaitForChangeAsync(CancellationToken cancellationToken) => _changed.WaitAsync(cancellationToken);

    /// <summary>Tells whoever waits that the agent should look.</summary>
    public void Changed() => _changed.Set();

    /// <summary>Follows a replica from now on; one that is followed already is returned as it is.</summary>
    public ReplicaEntry Add(IReplica replica)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(replica.Id, out var known))
                return known;
            var entry = new ReplicaEntry(replica);
            _entries.Add(replica.Id, entry);
            _background.RemoveAll(task => task.IsCompleted);
            _background.Add(FollowAsync(entry));
            return entry;
        }
    }

    /// <summary>Puts a healthy replica into rotation.</summary>
    public void Join(ReplicaEntry entry)
    {
        _backends.Add(entry.Replica);
        lock (_gate)
            entry.Joined = true;
        if (entry.Replica.Ended.IsCompleted)
            _backends.Drop(entry.Replica.Id); // it ended in between, and the one who follows it may have been faster
    }

    /// <summary>Takes note that a release was put in place for good.</summary>
    public void NoteReplaced(LiveRelease release, string reason)
    {
        lock (_gate)
        {
            _crashes.Started(release, reason);
            if (reason is not ("crash" or "replenish"))
                _lastExit = null; // a replacement that made up for a missing one may have begun before its end was noted
        }
    }

    /// <summary>Takes note that a replica that crashed could not be replaced.</summary>
    public void NoteFailedRestart(LiveRelease release, ProcessExit exit)
    {
        lock (_gate)
        {
            _crashes.Add(release, TimeSpan.Zero);
            _lastExit = (exit, _time.GetUtcNow());
        }
    }

    /// <summary>
    /// Takes a replica out: no request starts on it from now on; drained, it is stopped and removed in the background.
    /// </summary>
    /// <param name="entry">The replica.</param>
    /// <returns>Completes when nothing of it is left, or nothing more can be done. Never faults.</returns>
    public Task Retire(ReplicaEntry entry)
    {
        lock (_gate)
        {
            if (entry.IsLeaving)
                return entry.Left;
            entry.IsLeaving = true;
            var draining = _backends.DrainAsync(entry.Replica.Id, _options.DrainTime, _letGoToken); // out of rotation when this returns
            _background.RemoveAll(task => task.IsCompleted);
            _background.Add(LeaveAsync(entry, draining));
            return entry.Left;
        }
    }

    /// <summary>Waits for everything that is on its way out.</summary>
    public Task RetiredAsync() => Task.WhenAll(All.Where(entry => entry.IsLeaving).Select(entry => entry.Left));

    /// <summary>Lets go of what still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await _letGo.CancelAsync();
        Task[] background;
        lock (_gate)
            background = [.. _background];
        await Task.WhenAll(background);
        _letGo.Dispose();
    }

    private async Task LeaveAsync(ReplicaEntry entry, Task<int> draining)
    {
        await Task.Yield();
        try
        {
            await draining;
            await StopAsync(entry);
        }
        catch (OperationCanceledException)
        {
            // Let go of: it goes on.
        }
        catch (Exception exception)
        {
            // The root of its leaving. A later cycle finds what is left of it.
            Warn($"{entry.Replica.Name} could not be taken away: {exception.Message}", entry.Replica.Name, "A later cycle tries again.");
        }
        finally
        {
            Forget(entry);
        }
    }

    private async Task StopAsync(ReplicaEntry entry)
    {
        var replica = entry.Replica;
        lock (_gate)
            entry.IsStopping = true;
        var wasRunning = !replica.Ended.IsCompleted;
        if (wasRunning)
            _events.Publish(new ReplicaStopping(replica.Name, replica.Release.Tag, replica.Release.Directory is null) { Time = _time.GetUtcNow() });
        using var over = new CancellationTokenSource(StopLimit, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(over.Token, _letGoToken);
        try
        {
            await replica.StopAsync(limit.Token);
            if (wasRunning)
                _events.Publish(new ReplicaStopped(replica.Name, replica.Release.Tag, replica.Release.Directory is null) { Time = _time.GetUtcNow() });
        }
        catch (DewyException exception)
        {
            Warn($"{replica.Name} could not be stopped: {exception.Message}", replica.Name, exception.NextStep);
        }
        catch (OperationCanceledException) when (!_letGoToken.IsCancellationRequested)
        {
            Warn($"{replica.Name} could not be stopped within {StopLimit.TotalMinutes:0} min.", replica.Name, "Look at what keeps it; a later cycle tries again.");
        }
    }

    private async Task FollowAsync(ReplicaEntry entry)
    {
        await Task.Yield();
        ProcessExit exit;
        try
        {
            exit = await entry.Replica.Ended.WaitAsync(_letGoToken);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        _backends.Drop(entry.Replica.Id);
        if (!NoteExit(entry, exit))
            return;
        _changed.Set();
        try
        {
            await StopAsync(entry); // what is left of it
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception exception)
        {
            // The root of following it, as above.
            Warn($"What is left of {entry.Replica.Name} could not be removed: {exception.Message}", entry.Replica.Name, "A later cycle tries again.");
        }

        Forget(entry);
    }

    /// <returns>Whether nobody had told it to end.</returns>
    private bool NoteExit(ReplicaEntry entry, ProcessExit exit)
    {
        var now = _time.GetUtcNow();
        lock (_gate)
        {
            if (entry.IsLeaving)
                return false;
            entry.IsLeaving = true;
            if (entry.Joined)
            {
                // One that was never healthy is the failure of whoever started it.
                _lastExit = (exit, now);
                _crashes.Add(entry.Replica.Release, now - entry.Replica.StartedAt);
            }
        }

        _events.Publish(new ReplicaExited(entry.Replica.Name, entry.Replica.Release.Tag, exit) { Time = now });
        return true;
    }

    private void Forget(ReplicaEntry entry)
    {
        lock (_gate)
            _entries.Remove(entry.Replica.Id);
        entry.MarkLeft();
    }

    private void Warn(string message, string? target, string? nextStep) => _events.Publish(new AttentionNeeded(message, target, nextStep) { Time = _time.GetUtcNow() });
}
