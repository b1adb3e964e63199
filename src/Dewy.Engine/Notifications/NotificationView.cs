namespace Dewy.Engine.Notifications;

/// <summary>
/// Shows events as messages to people: which of them, how much, and when it has been enough. Thread-safe; what takes the
/// messages must return at once.
/// </summary>
/// <param name="send">Takes each message.</param>
/// <param name="host">Name of this host.</param>
internal sealed class NotificationView(Action<NotificationMessage> send, string host) : IEngineEventSink
{
    private readonly Lock _gate = new();
    private readonly FailureRun _cycles = new();
    private readonly FailureRun _deployments = new();
    private readonly FailureRun _crashes = new();
    private readonly CrashWatch _crashWatch = new();
    private DeploymentStarted? _deployment;
    private ReleaseBlocked? _blocked;
    private DeploymentError? _told;
    private string? _failingTag;
    private string _lastOutput = "";
    private string? _stopReason;
    private bool _isAnnounced;
    private bool _isMuted;

    /// <inheritdoc/>
    public void Publish(EngineEvent engineEvent)
    {
        ArgumentNullException.ThrowIfNull(engineEvent);
        lock (_gate)
        {
            if (_crashes.Count > 0 && _crashWatch.IsWellSince(engineEvent.Time) is { } wellSince)
                Recover(engineEvent, wellSince, _crashes);
            if (!ShowAgent(engineEvent) && !ShowDeployment(engineEvent))
                ShowApplication(engineEvent);
        }
    }

    private bool ShowAgent(EngineEvent engineEvent)
    {
        switch (engineEvent)
        {
            case AgentStarted e: Say(EventText.Started(e)); break;
            case AgentStopping e: _stopReason = e.Reason; break;
            case AgentStopped e: Say(EventText.Stopped(e, _stopReason)); break;
            case RestartRequested { Notify: true } e: Say(EventText.RestartRequested(e)); break;
            case CycleFailed e when e.Error == _told: _told = null; break; // the deployment's own message has said it
            case CycleFailed e: Fail(_cycles, EventText.CycleFailed(e)); break;
            case Recovered e when _cycles.End() is not null: Say(EventText.Recovered(e)); break;
            default: return false;
        }

        return true;
    }

    private bool ShowDeployment(EngineEvent engineEvent)
    {
        switch (engineEvent)
        {
            case ArtifactCached { Artifact.Downloaded: true } e: SayUnlessMuted(EventText.Downloaded(e)); break;
            case ImagePulled e: SayUnlessMuted(EventText.Pulled(e)); break;
            case HookCompleted e: SayUnlessMuted(EventText.Hook(e)); break;
            case DeploymentStarted e: Begin(e); break;
            case RollingBack e:
                _isAnnounced = true;
                if (!IsHeldBack(e.ToTag))
                    SayUnlessMuted(EventText.RollingBack(e));
                break;
            case ReleaseBlocked e when _deployment is null: Say(EventText.Blocked(e)); break;
            case ReleaseBlocked e: _blocked = e; break; // told with the end that comes next
            case DeploymentEnded e: End(e); break;
            default: return false;
        }

        return true;
    }

    private void ShowApplication(EngineEvent engineEvent)
    {
        switch (engineEvent)
        {
            case ServerStarted e:
                _crashWatch.Runs(e.Time);
                SayUnlessMuted(EventText.ServerStarted(e));
                break;
            case ServerRestarted e:
                _crashWatch.Runs(e.Time);
                if (e.Reason != "crash" || _crashes.Count <= FailureRun.MostTold)
                    SayUnlessMuted(EventText.ServerRestarted(e));
                break;
            case GenerationExited { Exit.Expected: false } e: Crash(e, e.Tag, e.Exit); break;
            case ReplicaExited { Exit.Expected: false } e: Crash(e, e.Tag, e.Exit); break;
            case ReplicaHealthy e: _crashWatch.Runs(e.Time); break;
        }
    }

    private void Begin(DeploymentStarted started)
    {
        _deployment = started;
        _blocked = null;
        _lastOutput = "";

        _isMuted = IsHeldBack(started.Tag);
        if (!_isAnnounced)
            SayUnlessMuted(EventText.DeploymentStarted(started));
    }

    private void End(DeploymentEnded ended)
    {
        var deployment = ended.Deployment;
        switch (deployment.Result)
        {
            case DeploymentResult.Succeeded:
                Say(EventText.Succeeded(ended));
                Recover(ended, ended.Time, _cycles, _deployments, _crashes);
                _told = null;
                break;
            case DeploymentResult.Interrupted:
                Say(EventText.Interrupted(ended));
                break;
            default:
                _failingTag = _deployment?.Tag ?? deployment.Tag;
                _told = deployment.Error;
                _crashes.End(); // what crashed is gone, and this message says why
                Fail(_deployments, EventText.Failed(ended, _blocked, _lastOutput));
                break;
        }

        _deployment = null;
        _blocked = null;
        _isAnnounced = false;
        _isMuted = false;
    }

    /// <summary>Inside a deployment the end is told with the deployment's, together with the program's last words.</summary>
    private void Crash(EngineEvent exited, string tag, ProcessExit exit)
    {
        _crashWatch.Crashed();
        _lastOutput = exit.LastOutput;
        if (_deployment is null)
            Fail(_crashes, EventText.Crashed(exited, tag, exit));
    }

    /// <summary>What is tried again and again, and has failed often enough to be told no more, makes no other noise either.</summary>
    private bool IsHeldBack(string tag) => _deployments.HoldsBack && tag == _failingTag;

    private void Fail(FailureRun run, NotificationMessage message)
    {
        if (run.Add(message.Time))
            Say(run.HoldsBack ? EventText.LastOfRun(message) : message);
    }

    private void Recover(EngineEvent at, DateTimeOffset wellSince, params IEnumerable<FailureRun> runs)
    {
        var ended = runs.Select(run => run.End()).OfType<(int Failures, DateTimeOffset Since)>().ToList();
        if (ended.Count == 0)
            return;
        var recovered = new Recovered(ended.Sum(run => run.Failures), wellSince - ended.Min(run => run.Since)) { Time = at.Time, Application = at.Application };
        Say(EventText.Recovered(recovered));
    }

    private void SayUnlessMuted(NotificationMessage message)
    {
        if (!_isMuted)
            Say(message);
    }

    private void Say(NotificationMessage message) => send(message with { Host = host, DeploymentId = message.DeploymentId ?? _deployment?.Id });
}
