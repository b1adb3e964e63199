using System.Net;
using Dewy.Engine.Diagnostics.Messages;
using Microsoft.Extensions.Logging;

namespace Dewy.Engine.Diagnostics;

/// <summary>Shows events as log lines. The only place where the engine's doings become log messages.</summary>
/// <param name="logger">Where lines go; it redacts and escapes.</param>
/// <param name="application">One of several whose lines mix, named in each of them; null for the only one.</param>
public sealed class LogView(ILogger logger, string? application = null) : IEngineEventSink
{
    private const string ApplicationField = "Application";

    private readonly Rotation _rotation = new();
    private ReleaseHeld? _lastHeld;
    private volatile bool _hasProxy;
    private volatile bool _isStopping;

    /// <inheritdoc/>
    public void Publish(EngineEvent engineEvent)
    {
        ArgumentNullException.ThrowIfNull(engineEvent);

        // A line carries the time of what it tells, not the time of its telling.
        using var scope = logger.BeginScope((KeyValuePair<string, object?>[])[new(LogFields.EventTime, engineEvent.Time), new(ApplicationField, application)]);
        if (!LogAgent(engineEvent) && !LogDeployment(engineEvent) && !LogProcess(engineEvent) && !LogReplica(engineEvent) && !LogProxy(engineEvent))
            AgentLog.Unknown(logger, engineEvent.GetType().Name);
    }

    /// <summary>Logs why an agent, or the program, ended.</summary>
    /// <param name="exception">The failure.</param>
    /// <param name="nextIn">When it is tried again; null where it is not.</param>
    public void Failed(Exception exception, TimeSpan? nextIn = null)
    {
        ArgumentNullException.ThrowIfNull(exception);
        using var scope = logger.BeginScope((KeyValuePair<string, object?>[])[new(ApplicationField, application)]);
        if (exception is DewyException known)
            HostLog.Failed(logger, known.Message, known.Code.ToString(), known.Phase, known.Target, known.NextStep, nextIn);
        else
            HostLog.FailedUnexpectedly(logger, exception, exception.Message, nextIn);
    }

    private bool LogAgent(EngineEvent engineEvent)
    {
        switch (engineEvent)
        {
            case AgentStarted e: AgentLog.Started(logger, WithLeadingV(e.Version), e.Commit, Word(e.Mode), e.Root, e.Registry); break;
            case AdminApiStarted e: AgentLog.AdminApiStarted(logger, e.Address); break;
            case AgentStopping e: LogStopping(e); break;
            case AgentStopped e: AgentLog.Stopped(logger, e.ApplicationLeftRunning); break;
            case RegistryPolled e: AgentLog.Polled(logger, e.Registry, Word(e.Outcome), e.Duration); break;
            case RegistryAnswerStale e: AgentLog.AnswerStale(logger, e.Reason, e.Registry, e.AnsweredAt); break;
            case DeploySkipped e: AgentLog.Skipped(logger, e.Tag, e.Reason); break;
            case GracePeriodHeld e: AgentLog.GracePeriodHeld(logger, e.Message, e.GracePeriod, e.Tag); break;
            case ReleaseHeld e: AgentLog.Held(logger, LevelOf(e), e.Tag, e.Reason); break;
            case CycleFailed e: AgentLog.CycleFailed(logger, e.Error.Message, e.Error.Code.ToString(), e.Error.Phase, e.Error.Target, e.Error.NextStep, e.ConsecutiveFailures, e.NextIn); break;
            case Recovered e: AgentLog.Recovered(logger, e.Failures, e.After); break;
            case AttentionNeeded e: AgentLog.AttentionNeeded(logger, e.Message, e.Target, e.NextStep); break;
            default: return false;
        }

        return true;
    }

    private bool LogDeployment(EngineEvent engineEvent)
    {
        switch (engineEvent)
        {
            case ArtifactCached { Artifact.Downloaded: false } e: ArtifactLog.Found(logger, e.Artifact.Key); break;
            case ArtifactCached e: LogDownload(e.Artifact); break;
            case ArtifactAwaited e: ArtifactLog.Awaited(logger, e.Key, e.Holder); break;
            case ArtifactRefused e: ArtifactLog.Refused(logger, e.Reason, e.Key, e.QuarantinePath); break;
            case CacheEvicted e: ArtifactLog.Evicted(logger, e.Key, e.Size); break;
            case DownloadProgressed e: ArtifactLog.DownloadProgressed(logger, e.Key, e.Bytes, e.Total); break;
            case ExtractionStarted e: ArtifactLog.Extracting(logger, e.Path); break;
            case ExtractionProgressed e: ArtifactLog.ExtractionProgressed(logger, e.Path, e.Bytes, e.Entries); break;
            case DeploymentStarted e: DeploymentLog.Started(logger, e.Id, e.Tag, e.PreviousTag, e.RequestedBy); break;
            case DeploymentEnded e: LogEnd(e.Deployment); break;
            case StepStarted e: DeploymentLog.StepStarted(logger, e.Step.Name, e.Step.Description, e.DeploymentId); break;
            case StepCompleted e: DeploymentLog.StepCompleted(logger, e.Step.Name, e.Duration, e.DeploymentId); break;
            case CurrentSwitched e: DeploymentLog.Switched(logger, e.From, e.To); break;
            case HookCompleted e: LogHook(e.Result); break;
            case RollingBack e: DeploymentLog.RollingBack(logger, e.Reason, e.FromTag, e.ToTag); break;
            case ReleaseBlocked e: DeploymentLog.Blocked(logger, e.Tag, e.Reason, e.Failures, e.RetryAt); break;
            case ReleasePruned e: DeploymentLog.Pruned(logger, e.Path); break;
            default: return false;
        }

        return true;
    }

    private bool LogProcess(EngineEvent engineEvent)
    {
        switch (engineEvent)
        {
            case GenerationStarted e: ProcessLog.Started(logger, e.Generation, e.ProcessId, e.Tag); break;
            case GenerationAdopted e: ProcessLog.Adopted(logger, e.Generation, e.ProcessId, e.Tag); break;
            case GenerationReady e: ProcessLog.Ready(logger, e.Generation, e.ProcessId, e.Tag, e.After); break;
            case GenerationStopping e: ProcessLog.Stopping(logger, e.Generation, e.ProcessId, e.Signal); break;
            case GenerationExited { Exit.Expected: true } e: ProcessLog.Stopped(logger, e.Generation, e.ProcessId, e.Tag, e.Exit.Code, e.Exit.Signal); break;
            case GenerationExited e: ProcessLog.Crashed(logger, e.Generation, e.ProcessId, e.Tag, e.Exit.Code, e.Exit.Signal, NullIfEmpty(e.Exit.LastOutput)); break;
            case RestartScheduled e: ProcessLog.RestartScheduled(logger, e.Tag, e.Crashes, e.Delay); break;
            case RestartRequested e: ProcessLog.RestartRequested(logger, e.ProcessId, e.RequestedBy); break;
            case ServerStarted e: ProcessLog.ServerStarted(logger, $"Server started for {e.Tag}"); break;
            case ServerRestarted e: ProcessLog.ServerRestarted(logger, $"Server restarted for {e.Tag}", e.Reason); break;
            case ApplicationOutput: break; // the application's own lines are no log lines of ours
            default: return false;
        }

        return true;
    }

    private bool LogReplica(EngineEvent engineEvent)
    {
        switch (engineEvent)
        {
            case ImagePullStarted e: ReplicaLog.Pulling(logger, e.Image, e.Tag); break;
            case ImagePullProgressed e: ReplicaLog.PullProgressed(logger, e.Image, e.Bytes, e.Total, e.LayersDone, e.Layers); break;
            case ImagePulled e: LogPull(e); break;
            case ImagesPruned e: ReplicaLog.KeepImages(logger, e.Keep, e.Removed); break;
            case ImageRemoved e: ReplicaLog.ImageRemoved(logger, e.Id, e.Tag); break;
            case ReplicaStarting e: LogStarting(e); break;
            case ImagePullFailed e: ReplicaLog.PullFailed(logger, e.Reason, e.Image, e.Tag); break;
            case ReplicaStarted { Port: { } port } e: LogStart(e, port); break;
            case ReplicaStarted e: ReplicaLog.Started(logger, e.Replica, e.Tag, e.Address); break;
            case ReplicaChecking e: ReplicaLog.Checking(logger, e.Target, e.Replica); break;
            case ReplicaRefused e: LogRefusal(e); break;
            case ReplicasReplaced { Containers: true } e: ReplicaLog.ContainersReplaced(logger, e.Started, e.Retired, e.Tag); break;
            case ReplicasReplaced e: ReplicaLog.ReplicasReplaced(logger, e.Started, e.Retired, e.Tag); break;
            case ReplicaHealthy e: ReplicaLog.Healthy(logger, e.Target, e.Answer, e.Attempts, e.Duration, e.Replica); break;
            case ReplicaAdopted e: ReplicaLog.Adopted(logger, e.Replica, e.Tag, e.Address); break;
            case ReplicaExited e: ReplicaLog.Exited(logger, e.Replica, e.Tag, e.Exit.Code, e.Exit.Signal, NullIfEmpty(e.Exit.LastOutput)); break;
            case ReplicaStopping { Container: true } e: LogStop(e); break;
            case ReplicaStopping e: ReplicaLog.StoppingProcess(logger, e.Replica, e.Tag); break;
            case ReplicaStopped { Container: false } e: ReplicaLog.ProcessStopped(logger, e.Replica, e.Tag); break;
            case ReplicaStopped e: LogStop(e); break;
            case ReplicasCleaned { Containers: true } e: ReplicaLog.ContainersCleaned(logger, e.Count); break;
            case ReplicasCleaned e: ReplicaLog.ReplicasCleaned(logger, e.Count); break;
            default: return false;
        }

        return true;
    }

    private bool LogProxy(EngineEvent engineEvent)
    {
        switch (engineEvent)
        {
            case BackendAdded e: LogJoin(e); break;
            case BackendDraining e: LogDraining(e); break;
            case BackendRemoved e: LogRemoval(e); break;
            case BackendHealthChanged { IsHealthy: true } e: ReplicaLog.BackendHealthy(logger, e.Backend, e.Tag, e.Reason); break;
            case BackendHealthChanged e: ReplicaLog.BackendUnhealthy(logger, e.Backend, e.Tag, e.Reason); break;
            case ProxyStarted e: LogProxyStart(string.Join(", ", e.Addresses)); break;
            case ProxyStopped e: ReplicaLog.ProxyStopped(logger, e.Ended); break;
            default: return false;
        }

        return true;
    }

    private void LogPull(ImagePulled pulled)
    {
        ReplicaLog.Pulled(logger, pulled.Image[(pulled.Image.IndexOf('@', StringComparison.Ordinal) + 1)..], pulled.Image, pulled.Duration);
        ReplicaLog.PullNotification(logger, $"Pulled image for {pulled.Tag}");
    }

    private void LogStart(ReplicaStarted started, int containerPort)
    {
        _rotation.NoteContainer(started.Replica);
        var hostPort = PortOf(started.Address);
        ReplicaLog.ContainerStarted(logger, started.Replica, hostPort, started.Tag);
        ReplicaLog.PortMapped(logger, containerPort, hostPort, started.Replica);
    }

    /// <summary>An agent that ends says so in other words than one that replaces containers.</summary>
    private void LogStopping(AgentStopping stopping)
    {
        _isStopping = true;
        AgentLog.Stopping(logger, stopping.Reason);
        if (_hasProxy)
            ReplicaLog.StoppingProxy(logger);
    }

    private void LogProxyStart(string addresses)
    {
        _hasProxy = true;
        ReplicaLog.StartingProxy(logger, addresses);
        ReplicaLog.ProxyStarted(logger, addresses);
    }

    private void LogJoin(BackendAdded added)
    {
        ReplicaLog.BackendAdded(logger, added.Address, added.Backend, added.Tag);
        if (_rotation.Add(added.Backend) is { } count)
            ReplicaLog.ContainerJoined(logger, count, added.Backend);
    }

    private void LogDraining(BackendDraining draining)
    {
        _rotation.Remove(draining.Backend);
        ReplicaLog.BackendDraining(logger, draining.Backend, draining.Tag, draining.InFlight);
    }

    private void LogRemoval(BackendRemoved removed)
    {
        _rotation.Remove(removed.Backend); // one that ended by itself did not drain
        if (removed.Ended == 0)
            ReplicaLog.BackendRemoved(logger, removed.Backend, removed.Tag, removed.Duration);
        else
            ReplicaLog.BackendRemovedByForce(logger, removed.Backend, removed.Tag, removed.Ended, removed.Duration);
    }

    private void LogStop(ReplicaStopping stopping)
    {
        if (_isStopping)
            ReplicaLog.StoppingManagedContainer(logger, stopping.Replica, stopping.Tag);
        else
            ReplicaLog.StoppingContainer(logger, stopping.Replica, stopping.Tag);
    }

    private void LogRefusal(ReplicaRefused refused)
    {
        if (refused.Code == ErrorCode.HealthCheckFailed)
            ReplicaLog.HealthFailed(logger, refused.Reason, refused.Tag);
        else
            ReplicaLog.StartFailed(logger, refused.Reason, refused.Tag);
        ReplicaLog.RollingBack(logger, refused.Tag);
        if (refused.Replica.Length > 0)
            ReplicaLog.RemovingFailed(logger, refused.Replica);
    }

    private void LogStop(ReplicaStopped stopped)
    {
        ReplicaLog.ContainerStopped(logger, stopped.Replica, stopped.Tag);
        ReplicaLog.ContainerRemoved(logger, stopped.Replica, stopped.Tag);
    }

    private void LogStarting(ReplicaStarting starting)
    {
        if (starting.Program.Contains("@sha256:", StringComparison.Ordinal))
            ReplicaLog.StartingContainer(logger, starting.Replica, starting.Program, starting.Tag);
        else
            ReplicaLog.StartingProcess(logger, starting.Replica, starting.Program, starting.Tag);
    }

    private static int PortOf(string address) => IPEndPoint.TryParse(address, out var endPoint) ? endPoint.Port : 0;

    private void LogDownload(CachedArtifact artifact)
    {
        ArtifactLog.Cached(logger, artifact.Key, artifact.Size, artifact.Digest.ToString(), NullIfEmpty(string.Join(", ", artifact.VerifiedBy)));
        ArtifactLog.Downloaded(logger, $"Downloaded artifact for {artifact.Tag}");
    }

    private void LogHook(HookResult hook)
    {
        var stdout = hook.StandardOutput.TrimEnd();
        var stderr = hook.StandardError.TrimEnd();
        if (hook.Error is not { } error)
            DeploymentLog.HookExecuted(logger, hook.Command, stdout, NullIfEmpty(stderr), hook.Duration);
        else if (hook.Kind == HookKind.BeforeDeploy)
            DeploymentLog.BeforeHookFailed(logger, error, hook.ExitCode, hook.Command, stdout, stderr, hook.Duration);
        else
            DeploymentLog.AfterHookFailed(logger, error, hook.ExitCode, hook.Command, stdout, stderr, hook.Duration);
    }

    private void LogEnd(Dewy.Deployment ended)
    {
        if (ended.Result == DeploymentResult.Succeeded)
        {
            DeploymentLog.Succeeded(logger, ended.Id, ended.Tag, ended.PreviousTag, ended.Duration);
            return;
        }

        var level = ended.Result == DeploymentResult.Interrupted ? LogLevel.Warning : LogLevel.Error;
        DeploymentLog.Failed(
            logger, level, ended.Error?.Message, ended.Error?.Code.ToString(), ended.Error?.Phase, ended.Error?.Target, ended.Error?.NextStep,
            Word(ended.Result), ended.Id, ended.Tag, ended.PreviousTag, ended.Duration);
    }

    /// <summary>A release may be held back for hours and every cycle says so: once is news, the rest is detail.</summary>
    private LogLevel LevelOf(ReleaseHeld held)
    {
        var last = Interlocked.Exchange(ref _lastHeld, held);
        return (last?.Tag, last?.Reason).Equals((held.Tag, held.Reason)) ? LogLevel.Debug : LogLevel.Information;
    }

    private static string Word<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static string WithLeadingV(string version) => version.Length > 0 && char.IsAsciiDigit(version[0]) ? "v" + version : version;

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
