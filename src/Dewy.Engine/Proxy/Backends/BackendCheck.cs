using Dewy.Engine.Replicas;

namespace Dewy.Engine.Proxy.Backends;

/// <summary>
/// Asks one backend how it is, as long as it is in its set: every 5 s while it is healthy, after 1 s growing to 5 s while it
/// is not. Two failures take it out of rotation, one success puts it in again.
/// </summary>
internal sealed class BackendCheck(Backend backend, HealthTarget target, TimeProvider time, Action<bool, string> found)
{
    /// <summary>From one check of a healthy backend to the next; 10 % more or less, so that many are not asked at once.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>How long one check may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Until one that has just gone out of rotation is asked again.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>Failures in a row that take a backend out.</summary>
    public const int FailuresOut = 2;

    private readonly HealthProbe _probe = new(time);

    /// <summary>Runs until cancelled, which is how it ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        var pause = FirstPause;
        try
        {
            while (true)
            {
                var unreachable = backend.FoundUnreachable.Next;
                if (backend.Health.IsHealthy)
                {
                    pause = FirstPause;
                    await WaitAsync(Interval * (0.9 + (0.2 * Random.Shared.NextDouble())), unreachable, cancellationToken);
                }

                if (!backend.Health.IsHealthy)
                {
                    await Task.Delay(pause, time, cancellationToken);
                    pause = pause * 2 < Interval ? pause * 2 : Interval;
                }

                var answer = await AskAsync(cancellationToken);
                failures = answer.Healthy ? 0 : failures + 1;
                if (answer.Healthy || failures >= FailuresOut || !backend.Health.IsHealthy)
                    found(answer.Healthy, answer.Description);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It left the set.
        }
    }

    /// <summary>Waits for the next turn, or until a request has found it unreachable.</summary>
    private async Task WaitAsync(TimeSpan pause, Task unreachable, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var turn = Task.Delay(pause, time, over.Token);
        await Task.WhenAny(turn, unreachable);
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task<HealthAnswer> AskAsync(CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(Limit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            return await _probe.TryAsync(target, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new HealthAnswer(false, $"no answer within {Limit.TotalSeconds:0} s");
        }
    }
}
