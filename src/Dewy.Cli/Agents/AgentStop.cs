using Dewy.Engine.Processes;

namespace Dewy.Cli.Agents;

/// <summary>Does what signals ask of the agents of this process.</summary>
internal sealed class AgentStop(CommandHost host) : IDisposable
{
    /// <summary>A second stop that comes sooner is taken for the same wish: shells and wrappers often pass one on twice.</summary>
    private static readonly TimeSpan SameWish = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private DateTimeOffset? _firstAskedAt;

    /// <summary>Cancelled by the first wish to stop.</summary>
    public CancellationToken Token => _stop.Token;

    /// <param name="signal">What came.</param>
    /// <param name="restart">Restarts what runs: who asks, and whether people are told.</param>
    public void Obey(AgentSignal signal, Action<string, bool> restart)
    {
        ArgumentNullException.ThrowIfNull(restart);
        switch (signal)
        {
            case AgentSignal.Redeploy:
                restart("SIGHUP", false);
                break;
            case AgentSignal.RedeployAndNotify:
                restart("SIGUSR1", true);
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
