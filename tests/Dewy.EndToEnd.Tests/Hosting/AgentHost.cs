using Dewy.Engine.Composition;
using Dewy.Tests;

namespace Dewy.EndToEnd.Tests.Hosting;

/// <summary>A real agent inside the test's process.</summary>
internal sealed class AgentHost : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(40);

    private readonly CancellationTokenSource _stop = new();
    private readonly IDewyAgent _agent;

    public AgentHost(OptionSet options)
        : this(events => DewyEngine.Create().CreateAgent(options, events))
    {
    }

    public AgentHost(Func<IEngineEventSink, IDewyAgent> create)
    {
        _agent = create(Events);
        Running = _agent.RunAsync(_stop.Token);
    }

    public RecordingEventSink Events { get; } = new();

    /// <summary>Its run; faults where it could not start.</summary>
    public Task Running { get; }

    public AgentStatus Status => _agent.GetStatus();

    public void Wake(bool force = false) => _agent.Wake(force);

    public void Restart(string requestedBy, bool notify) => _agent.Restart(requestedBy, notify);

    /// <summary>Waits for the end of a deployment of a tag.</summary>
    public async Task<Deployment> DeployedAsync(string tag, DeploymentResult result = DeploymentResult.Succeeded, TimeSpan? deadline = null)
    {
        var ended = Events.WaitForAsync<DeploymentEnded>(ended => ended.Deployment.Tag == tag && ended.Deployment.Result == result, deadline);
        if (await Task.WhenAny(ended, Running) == Running)
            await Running;
        return (await ended).Deployment;
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Running.WaitAsync(StopLimit);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await Running.WaitAsync(StopLimit);
        }
        catch (DewyException)
        {
            // It could not start; the test has seen that.
        }

        await _agent.DisposeAsync();
        _stop.Dispose();
    }
}
