using Dewy.Engine.Processes;

namespace Dewy.Cli.Commands;

/// <summary>Does what signals ask of an agent.</summary>
internal sealed class AgentStop(CommandHost host) : IDisposable
{
    /// <summary>A second stop that comes sooner is taken for the same wish: shells and wrappers often pass one on twice.</summary>
    private static readonly TimeSpan SameWish = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private DateTimeOffset? _firstAskedAt;

    /// <summary>Cancelled by the first wish to stop.</summary>
    public CancellationToken Token => _stop.Token;

    public void Obey(AgentSignal signal, IDewyAgent agent)
    {
        switch (signal)
        {
            case AgentSignal.Redeploy:
                agent.Restart("SIGHUP", notify: false);
                break;
            case AgentSignal.RedeployAndNotify:
                agent.Restart("SIGUSR1", notify: true);
                break;
            default:
                Stop();
                break;
        }
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>Stops in good order; where someone asks again while that takes its time, at once.</summary>
    private void Stop()
    {
        lock (_gate)
        {
            var now = host.Time.GetUtcNow();
            if (_firstAskedAt is { } first && now - first >= SameWish)
            {
                host.Error.WriteLine("dewy: told to stop again, ending at once; the application may still be running.");
                host.Abort(ExitCode.Failed);
                return;
            }

            _firstAskedAt ??= now;
        }

        _stop.Cancel();
    }
}
