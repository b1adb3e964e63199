namespace Dewy.PowerShell.Tests.Hosting;

/// <summary>An agent that runs until it is stopped, or ends as a test says.</summary>
internal sealed class FakeAgent(IEngineEventSink events, string name = "myapp") : IDewyAgent
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IEngineEventSink Events { get; } = events;

    /// <summary>Thrown instead of starting.</summary>
    public DewyException? FailsToStart { get; init; }

    /// <summary>What stopping waits for.</summary>
    public Task StopWaitsFor { get; init; } = Task.CompletedTask;

    public bool Disposed { get; private set; }

    public string Name { get; } = name;

    public async Task RunAsync(CancellationToken stop)
    {
        if (FailsToStart is not null)
            throw FailsToStart;
        Events.Publish(new AgentStarted("0.0.0", "fake", DeploymentMode.Assets, "/root", "file:///registry"));
        try
        {
            await _end.Task.WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            await StopWaitsFor;
            Events.Publish(new AgentStopped(ApplicationLeftRunning: false));
        }
    }

    public void EndWith(Exception exception) => _end.TrySetException(exception);

    public void End() => _end.TrySetResult();

    public AgentStatus GetStatus() => Samples.Status("/root") with { State = AgentState.Idle, AgentProcessId = Environment.ProcessId };

    public void Wake(bool force)
    {
    }

    public void Restart(string requestedBy, bool notify)
    {
    }

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }
}
