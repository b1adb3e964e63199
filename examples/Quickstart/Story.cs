namespace Dewy.Quickstart;

/// <summary>Tells what the agent does, in a person's words.</summary>
internal sealed class Story(Action<string> say) : IEngineEventSink
{
    private readonly TaskCompletionSource<string> _served = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first release serves.</summary>
    public Task ServedAsync(string tag, CancellationToken cancellationToken) =>
        _served.Task.WaitAsync(cancellationToken).ContinueWith(
            served => served.Result == tag ? tag : throw new InvalidOperationException($"{served.Result} was served first."),
            cancellationToken,
            TaskContinuationOptions.OnlyOnRanToCompletion,
            TaskScheduler.Default);

    public void Publish(EngineEvent engineEvent)
    {
        var line = engineEvent switch
        {
            ArtifactCached cached => $"fetched {cached.Artifact.Key} ({cached.Artifact.Size:N0} bytes), verified by {string.Join(", ", cached.Artifact.VerifiedBy.DefaultIfEmpty("its transfer"))}",
            ExtractionStarted extraction => $"extracting into {extraction.Path}",
            CurrentSwitched switched => $"current -> {switched.From}",
            GenerationStarted started => $"started {started.Tag} as process {started.ProcessId}",
            GenerationReady ready => $"{ready.Tag} is ready after {ready.After.TotalSeconds:0.0} s",
            GenerationStopping stopping => $"process {stopping.ProcessId} was told to finish ({stopping.Signal})",
            GenerationExited exited => $"{exited.Tag} (process {exited.ProcessId}) {exited.Exit}",
            ImagePulled pulled => $"pulled {pulled.Tag}",
            ReplicaStarted replica => $"started {replica.Replica}, listening on {replica.Address}",
            ReplicaHealthy healthy => $"{healthy.Replica} is healthy after {healthy.Duration.TotalSeconds:0.0} s",
            BackendAdded added => $"{added.Backend} gets requests",
            BackendDraining draining => $"{draining.Backend} gets no more requests",
            ReplicaStopped stopped => $"{stopped.Replica} was stopped and removed",
            DeploymentEnded { Deployment: var deployment } => $"deployment of {deployment.Tag}: {deployment.Result} in {deployment.Duration.TotalSeconds:0.0} s {deployment.Error}",
            CycleFailed failed => $"failed: {failed.Error}",
            AttentionNeeded attention => $"note: {attention.Message}",
            _ => null,
        };
        if (line is not null)
            say(line);
        if (engineEvent is DeploymentEnded { Deployment.Result: DeploymentResult.Succeeded } ended)
            _served.TrySetResult(ended.Deployment.Tag);
    }
}
