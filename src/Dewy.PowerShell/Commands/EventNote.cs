namespace Dewy.PowerShell.Commands;

/// <summary>An event as one line for a person, and the stream it belongs to.</summary>
internal sealed record EventNote(NoteStream Stream, string Text)
{
    private const string ApplicationTag = "DewyApplication";

    /// <summary>Tags of the information record.</summary>
    public IReadOnlyList<string> Tags { get; init; } = ["Dewy"];

    /// <summary>The line of an event; null where it has none: progress is shown, not told.</summary>
    public static EventNote? Of(EngineEvent engineEvent) => engineEvent switch
    {
        AgentStarted e => Information($"Agent started: {e.Mode} from {e.Registry} into {e.Root}."),
        AdminApiStarted e => Information($"Dashboard and admin API at {e.Address}."),
        AgentStopping e => Verbose($"Agent stopping: {e.Reason}."),
        AgentStopped e => Information(e.ApplicationLeftRunning ? "Agent stopped; the application goes on." : "Agent stopped."),
        DeploymentStarted e => Information($"Deploying {e.Tag}{From(e.PreviousTag)}, asked for by {e.RequestedBy}."),
        DeploymentEnded { Deployment: { Result: DeploymentResult.Succeeded } d } => Information($"Deployed {d.Tag}{From(d.PreviousTag)} in {Seconds(d.Duration)}."),
        DeploymentEnded { Deployment: var d } => Warning($"Deployment of {d.Tag} {Ended(d.Result)}: {(d.Error is { } error ? ParameterWords.Of(error).ToString() : "no reason is known.")}"),
        ServerStarted e => Information($"Application started with {e.Tag}."),
        ServerRestarted e => Information($"Application now runs {e.Tag} ({e.Reason})."),
        Recovered e => Information($"Recovered after {Count(e.Failures, "failed cycle")} and {Seconds(e.After)}."),
        RollingBack e => Warning($"Going back from {e.FromTag} to {e.ToTag}: {e.Reason}"),
        ReleaseBlocked e => Warning($"{e.Tag} is left alone until {e.RetryAt:u} after {Count(e.Failures, "failure")}: {e.Reason}"),
        RestartScheduled e => Warning($"The application of {e.Tag} ended by itself ({e.Crashes} times in a row); it is started again in {Seconds(e.Delay)}."),
        GracePeriodHeld e => Warning($"{e.Message} {e.Tag} is young enough to wait for (grace period {Seconds(e.GracePeriod)})."),
        ArtifactRefused e => Warning($"{e.Key} was refused: {e.Reason} The file is kept at {e.QuarantinePath}."),
        AttentionNeeded e => Warning(e.NextStep is null ? e.Message : $"{e.Message} {ParameterWords.Of(e.NextStep)}"),
        RegistryAnswerStale e => Warning($"{e.Registry} does not answer; its answer of {e.AnsweredAt:u} is used: {e.Reason}"),
        ArtifactAwaited e => Verbose($"Waiting for {e.Key}, which {e.Holder ?? "another host"} is fetching."),
        CycleFailed e => Warning($"Cycle failed ({e.ConsecutiveFailures} in a row): {ParameterWords.Of(e.Error)} The next one comes in {Seconds(e.NextIn)}."),
        HookCompleted { Result: { Succeeded: false } hook } => Warning($"Hook {hook.Kind} failed after {Seconds(hook.Duration)}: {hook.Error}{Output(hook)}"),
        HookCompleted { Result: var hook } => Verbose($"Hook {hook.Kind} ended well in {Seconds(hook.Duration)}: {hook.Command}{Output(hook)}"),
        ArtifactCached e => Verbose($"Cached artifact {e.Artifact.Key} ({e.Artifact.Size} bytes, {e.Artifact.Digest})."),
        CacheEvicted e => Verbose($"Evicted {e.Key} from the cache ({e.Size} bytes)."),
        ExtractionStarted e => Verbose($"Extracting {e.Key} to {e.Path}."),
        CurrentSwitched e => Verbose($"{e.To} now points to {e.From}."),
        ReleasePruned e => Verbose($"Removed {e.Path}."),
        ReleaseHeld e => Verbose($"{e.Tag} is held back: {e.Reason}"),
        RestartRequested e => Verbose($"Restart requested by {e.RequestedBy}."),
        GenerationStarted e => Verbose($"Generation {e.Generation} of {e.Tag} started as process {e.ProcessId}."),
        GenerationReady e => Verbose($"Generation {e.Generation} of {e.Tag} is ready after {Seconds(e.After)}."),
        GenerationStopping e => Verbose($"Generation {e.Generation} (process {e.ProcessId}) was sent {e.Signal}."),
        GenerationExited e => Verbose($"Generation {e.Generation} of {e.Tag} (process {e.ProcessId}) {e.Exit}."),
        GenerationAdopted e => Verbose($"Process {e.ProcessId} of {e.Tag} is supervised again as generation {e.Generation}."),
        ImagePullStarted e => Verbose($"Pulling {e.Image}."),
        ImagePulled e => Information($"Pulled image for {e.Tag}."),
        ImagePullFailed e => Verbose($"The image of {e.Tag} could not be pulled: {e.Reason}"),
        ReplicaChecking e => Verbose($"Asking {e.Target} whether {e.Replica} of {e.Tag} is healthy."),
        ReplicaRefused e => Verbose($"A new replica of {e.Tag} came to nothing: {e.Reason}"),
        ReplicasReplaced e => Verbose($"{Count(e.Started, "replica")} of {e.Tag} started, {e.Retired} old ones leave."),
        ImagesPruned e => Verbose($"Kept {Count(e.Keep, "image")}, removed {e.Removed}."),
        ImageRemoved e => Verbose($"Removed the image of {e.Tag}."),
        ReplicaStarting e => Verbose($"Starting {e.Replica} ({e.Program})."),
        ReplicaStarted e => Verbose($"{e.Replica} of {e.Tag} runs at {e.Address}."),
        ReplicaHealthy e => Verbose($"{e.Replica} of {e.Tag} is healthy after {Seconds(e.Duration)}: {e.Answer}"),
        ReplicaAdopted e => Verbose($"{e.Replica} of {e.Tag} at {e.Address} is looked after again."),
        ReplicaExited e => Warning($"{e.Replica} of {e.Tag} {e.Exit}."),
        ReplicaStopping e => Verbose($"Stopping {e.Replica} of {e.Tag}."),
        ReplicaStopped e => Verbose($"{e.Replica} of {e.Tag} has stopped."),
        ReplicasCleaned e => Verbose($"Stopped {Count(e.Count, "replica")}."),
        BackendAdded e => Verbose($"{e.Backend} of {e.Tag} gets requests at {e.Address}."),
        BackendDraining e => Verbose($"{e.Backend} of {e.Tag} gets no more requests; {e.InFlight} are in flight."),
        BackendRemoved { Ended: > 0 } e => Warning($"{e.Backend} of {e.Tag} left the proxy after {Seconds(e.Duration)}; {Count(e.Ended, "request")} had to be ended."),
        BackendRemoved e => Verbose($"{e.Backend} of {e.Tag} left the proxy after {Seconds(e.Duration)}."),
        BackendHealthChanged { IsHealthy: false } e => Warning($"{e.Backend} of {e.Tag} gets no requests: {e.Reason}"),
        BackendHealthChanged e => Verbose($"{e.Backend} of {e.Tag} gets requests again."),
        ProxyStarted e => Verbose($"The proxy listens on {string.Join(", ", e.Addresses)}."),
        ProxyStopped e => Verbose($"The proxy has stopped; {Count(e.Ended, "request")} had to be ended."),
        StepStarted e => Debug($"Step begins: {e.Step}"),
        StepCompleted e => Verbose($"Step done in {Seconds(e.Duration)}: {e.Step}"),
        RegistryPolled e => Debug($"Asked {e.Registry}: {e.Outcome} in {Seconds(e.Duration)}."),
        DeploySkipped e => Debug($"Deploy skipped: {e.Reason}"),
        ApplicationOutput e => Information(e.Line) with { Tags = ["Dewy", ApplicationTag] },
        DownloadProgressed or ExtractionProgressed => null,
        _ => Debug(engineEvent.ToString()),
    };

    private static EventNote Information(string text) => new(NoteStream.Information, text);

    private static EventNote Warning(string text) => new(NoteStream.Warning, text);

    private static EventNote Verbose(string text) => new(NoteStream.Verbose, text);

    private static EventNote Debug(string text) => new(NoteStream.Debug, text);

    private static string Count(int number, string thing) => number == 1 ? $"1 {thing}" : $"{number} {thing}s";

    private static string From(string? previousTag) => previousTag is null ? "" : $" (live: {previousTag})";

    private static string Seconds(TimeSpan duration) => $"{duration.TotalSeconds:0.###} s";

    /// <summary>What a hook wrote, below what is said about it.</summary>
    private static string Output(HookResult hook) => (hook.StandardOutput + hook.StandardError).TrimEnd() is { Length: > 0 } text ? $"\n{text}" : "";

    private static string Ended(DeploymentResult result) => result switch
    {
        DeploymentResult.RolledBack => "was rolled back",
        DeploymentResult.Interrupted => "was interrupted",
        _ => "failed",
    };
}
