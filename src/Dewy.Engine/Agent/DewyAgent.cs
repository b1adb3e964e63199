using Dewy.Engine.Deployment;

namespace Dewy.Engine.Agent;

/// <summary>
/// The loop: upkeep whenever something changed, a check of the registry once an interval, never two at once. Everything
/// that can wake it (the application, an operator in another process, a signal) only raises a signal; the cycle then
/// looks for itself.
/// </summary>
internal sealed class DewyAgent : IDewyAgent
{
    private readonly AgentCycle _cycle;
    private readonly AgentParts _parts;
    private readonly AsyncSignal _wake = new();
    private readonly Lock _gate = new();
    private readonly CheckSchedule _schedule;
    private CycleRequest _request = CycleRequest.Routine;
    private volatile AgentState _state = AgentState.Stopped;
    private volatile Task? _waiting;

    public DewyAgent(AgentParts parts)
    {
        _parts = parts;
        _cycle = new AgentCycle(parts, state => _state = state);
        _schedule = new CheckSchedule(parts.Options.Agent.Interval, parts.Time, parts.Jitter);
    }

    public string Name => _parts.Options.Name;

    /// <summary>Whether nothing happens until the clock moves or somebody wakes it: what a simulation of time waits for.</summary>
    public bool IsWaiting => _waiting is { IsCompleted: false };

    public async Task RunAsync(CancellationToken stop)
    {
        var options = _parts.Options;
        _parts.Root.Layout.EnsureCreated();
        using var held = await RootLock.AcquireAsync(_parts.Root.Layout, RootLock.AgentPurpose, _parts.Time, stop);
        _state = AgentState.Checking;
        _parts.Publish(new AgentStarted(_parts.Version.Version, _parts.Version.Commit, options.Mode, options.Deployment.Root, options.Registry.DisplayName));
        await using var admin = _parts.Admin is { } api ? await api.OpenAsync(this, _parts, stop) : null;
        try
        {
            await _cycle.OpenAsync(stop);
            await LoopAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        finally
        {
            _state = AgentState.Stopping;
            _parts.Publish(new AgentStopping(stop.IsCancellationRequested ? "asked to stop" : "failed"));
            await _parts.Workload.CloseAsync();
            _state = AgentState.Stopped;
            _parts.Publish(new AgentStopped(options.LeaveOnExit));
            if (_parts.Notifiers is { } notifiers)
                await notifiers.FlushAsync();
        }
    }

    public AgentStatus GetStatus() => _cycle.Status(_state);

    public void Wake(bool force) => Ask(request => request with { CheckNow = true, Force = request.Force || force, RequestedBy = force ? "operator" : request.RequestedBy });

    public void Restart(string requestedBy, bool notify)
    {
        _parts.Publish(new RestartRequested(Environment.ProcessId, requestedBy, notify));
        Ask(request => request with { CheckNow = true, Restart = true, RequestedBy = requestedBy });
    }

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    private async Task LoopAsync(CancellationToken stop)
    {
        using var watch = new StateWatch(_parts.Root.Layout, _parts.Root.State, _parts.Time);
        while (true)
        {
            _wake.Reset();
            try
            {
                await TurnAsync(watch, stop);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stop.IsCancellationRequested)
            {
                // The root of a cycle. A full disk, say, keeps the state from being written: the application goes on all
                // the same, and the next cycle comes. What changes in the root cannot be watched for meanwhile.
                _cycle.Fail(exception, "cycle", _parts.Root.Layout.Root, _schedule);
                _state = AgentState.Idle;
                await WaitAsync(_schedule.Next, stop);
            }

            _state = AgentState.Checking;
        }
    }

    private async Task TurnAsync(StateWatch watch, CancellationToken stop)
    {
        // Read before the cycle: what operators write meanwhile brings another turn at once, and so does what the
        // cycle itself writes, which then finds nothing to do.
        var seen = _parts.Root.State.Read().Revision;
        var request = TakeRequest();
        var upkeepAt = await _cycle.KeepUpAsync(request, stop);
        if (request.CheckNow || _schedule.IsDue)
            await _cycle.CheckAsync(request, _schedule, stop);
        _state = AgentState.Idle;
        await WaitAsync(upkeepAt is { } at && at < _schedule.Next ? at : _schedule.Next, stop, waiting => watch.WaitForChangeAsync(seen, waiting));
    }

    /// <summary>What was asked of this process, and by operators in others through the state file.</summary>
    private CycleRequest TakeRequest()
    {
        CycleRequest request;
        lock (_gate)
        {
            request = _request;
            _request = CycleRequest.Routine;
        }

        return _cycle.AddOperatorRequests(request);
    }

    private void Ask(Func<CycleRequest, CycleRequest> change)
    {
        lock (_gate)
            _request = change(_request);
        _wake.Raise();
    }

    private async Task WaitAsync(DateTimeOffset until, CancellationToken stop, params IEnumerable<Func<CancellationToken, Task>> more)
    {
        var delay = until - _parts.Time.GetUtcNow();
        if (delay <= TimeSpan.Zero)
            return;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] reasons =
        [
            Task.Delay(delay, _parts.Time, waiting.Token),
            _wake.WaitAsync(waiting.Token),
            _parts.Workload.WaitForChangeAsync(waiting.Token),
            .. more.Select(reason => reason(waiting.Token)),
        ];
        var first = Task.WhenAny(reasons);
        _waiting = first;
        var reason = await first;
        await waiting.CancelAsync();
        try
        {
            await Task.WhenAll(reasons);
        }
        catch (OperationCanceledException)
        {
            // The other reasons were called off. A failure of the one that came first is thrown below.
        }

        stop.ThrowIfCancellationRequested();
        await reason;
    }
}
