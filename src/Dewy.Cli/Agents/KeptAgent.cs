using Dewy.Cli.Service;
using Dewy.Engine.Composition;
using Dewy.Engine.Diagnostics;

namespace Dewy.Cli.Agents;

/// <summary>
/// The agent of one of several applications. One that cannot start, or ends, is told in the log and started again, at first
/// soon and then less often, while the others go on.
/// </summary>
internal sealed class KeptAgent : IDisposable
{
    /// <summary>An agent that ran this long had started: its end is the first of a run of failures.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private readonly BoundApplication _application;
    private readonly IDewyEngine _engine;
    private readonly IEngineEventSink _events;
    private readonly LogView _log;
    private readonly ServiceView _service;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _hurry = new(0, 1);
    private readonly Lock _gate = new();
    private volatile IDewyAgent? _agent;

    public KeptAgent(BoundApplication application, IDewyEngine engine, LogView log, ServiceView service, CommandHost host)
    {
        _application = application;
        _engine = engine;
        _log = log;
        _service = service;
        _time = host.Time;
        _events = new FanOutEventSink(log, new ApplicationOutputView(host.Output, host.Error, host.Redactor, application.Options.Name), service);
    }

    /// <summary>Runs until it is told to stop; never fails.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var pause = FirstPause;
        while (!stop.IsCancellationRequested)
        {
            var began = _time.GetTimestamp();
            var failure = await TryAsync(stop);
            if (stop.IsCancellationRequested)
                return;
            if (_time.GetElapsedTime(began) >= LongestPause)
                pause = FirstPause;
            var waiting = WaitAsync(pause, stop);
            _log.Failed(failure ?? new DewyException(ErrorCode.Unexpected, "The agent ended by itself."), pause);
            _service.Failed(failure);
            await waiting;
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Restarts what runs; where nothing does because it failed, tries again now.</summary>
    public void Restart(string requestedBy, bool notify)
    {
        if (_agent is { } agent)
        {
            agent.Restart(requestedBy, notify);
            return;
        }

        lock (_gate)
        {
            if (_hurry.CurrentCount == 0)
                _hurry.Release();
        }
    }

    /// <summary>Returns where the agent answers, or none runs at the moment.</summary>
    public void Probe() => _agent?.GetStatus();

    public void Dispose() => _hurry.Dispose();

    private async Task<Exception?> TryAsync(CancellationToken stop)
    {
        try
        {
            await using var agent = _engine.CreateAgent(_application.Given, _events);
            _agent = agent;
            await agent.RunAsync(stop);
            return null;
        }
        catch (Exception exception) // the root of this agent's task: the others go on
        {
            return exception;
        }
        finally
        {
            _agent = null;
        }
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken stop)
    {
        using var over = new CancellationTokenSource(pause, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, over.Token);
        try
        {
            await _hurry.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // It is time, or time to stop.
        }
    }
}
