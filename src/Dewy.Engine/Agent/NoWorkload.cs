namespace Dewy.Engine.Agent;

/// <summary>Nothing runs: the files being there is all.</summary>
internal sealed class NoWorkload : IWorkload
{
    public WorkloadObservation Observe() => WorkloadObservation.NothingToRun;

    public Task WaitForChangeAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    public Task OpenAsync(LiveRelease? live, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ReplaceAsync(LiveRelease release, string reason, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task CloseAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
