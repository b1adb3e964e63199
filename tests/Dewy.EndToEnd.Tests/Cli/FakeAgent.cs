namespace Dewy.EndToEnd.Tests.Cli;

/// <summary>An agent that does what a test says and remembers what it was asked.</summary>
internal sealed class FakeAgent(IEngineEventSink events) : IDewyAgent
{
    public string Name => "fake";

    public TaskCompletionSource Running { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<(string By, bool Notify)> Restarts { get; } = [];

    /// <summary>Runs instead of waiting for the stop.</summary>
    public Func<IEngineEventSink, CancellationToken, Task>? Body { get; init; }

    public bool Disposed { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        Running.TrySetResult();
        if (Body is not null)
        {
            await Body(events, stop);
            return;
        }

        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(() => stopped.TrySetResult());
        await stopped.Task;
    }

    public AgentStatus GetStatus() => new() { Name = Name, Root = "/", State = AgentState.Idle };

    public void Wake(bool force)
    {
    }

    public void Restart(string requestedBy, bool notify) => Restarts.Add((requestedBy, notify));

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }
}
