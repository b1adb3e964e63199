namespace Dewy.Engine.Replicas;

/// <summary>Waits until a replica is fit to serve: it answers on its first port, and does not say of itself that it is not.</summary>
internal sealed class ReplicaHealth(ReplicaOptions options, IEngineEventSink events, TimeProvider time)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private readonly HealthCheck _check = new(time);

    /// <summary>Waits as long as the options allow.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.HealthCheckFailed"/> or <see cref="ErrorCode.StartFailed"/>, with its last output.</exception>
    public async Task WaitAsync(IReplica replica, CancellationToken cancellationToken)
    {
        events.Publish(new ReplicaChecking(replica.Name, replica.Release.Tag, TargetOf(replica).ToString()) { Time = time.GetUtcNow() });
        var report = await CheckAsync(replica, options.HealthTimeout, cancellationToken);
        if (replica.Ended.IsCompleted)
            throw await EndedAsync(replica);
        if (!report.Healthy)
            throw report.ToException($"{replica.Release.Tag} ({replica.Name})", await replica.ReadLastOutputAsync(cancellationToken));
        events.Publish(new ReplicaHealthy(replica.Name, replica.Release.Tag, report.Target.ToString(), report.LastAnswer, report.Attempts, report.Duration) { Time = time.GetUtcNow() });
    }

    /// <summary>Whether it is healthy within a shorter time: for one that should be, because it served before.</summary>
    public async Task<bool> IsHealthyAsync(IReplica replica, TimeSpan timeout, CancellationToken cancellationToken) =>
        (await CheckAsync(replica, timeout, cancellationToken)).Healthy && !replica.Ended.IsCompleted;

    /// <summary>The failure of a replica that ended before it could serve.</summary>
    public static async Task<DewyException> EndedAsync(IReplica replica)
    {
        var exit = await replica.Ended;
        var code = replica.Release.Directory is null ? ErrorCode.ContainerExited : ErrorCode.StartFailed;
        return new DewyException(code, $"{replica.Release.Tag} ({replica.Name}) {exit} before it was healthy.{(exit.LastOutput.Length == 0 ? " It wrote nothing." : $" Its last output:\n{exit.LastOutput}")}")
        {
            Phase = "start",
            Target = replica.Name,
            NextStep = "Look at its output; run the same program or image by hand.",
        };
    }

    private HealthTarget TargetOf(IReplica replica) => new(replica.EndPoints[0], options.HealthPath) { IsRelayed = replica.Release.Directory is null };

    private async Task<HealthReport> CheckAsync(IReplica replica, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var report = await _check.RunAsync(TargetOf(replica), timeout, replica.Ended, ownerOf: null, cancellationToken);
        if (!report.Healthy)
            return report;
        var own = await AskItselfAsync(replica, timeout - time.GetElapsedTime(began), cancellationToken);
        return own ? report with { Duration = time.GetElapsedTime(began) } : report with { Healthy = false, LastAnswer = $"{report.LastAnswer}, but its own health check fails", Duration = time.GetElapsedTime(began) };
    }

    private async Task<bool> AskItselfAsync(IReplica replica, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            while (await replica.AskItselfAsync(limit.Token) == false)
            {
                await Task.WhenAny(Task.Delay(Pace, time, limit.Token), replica.Ended);
                limit.Token.ThrowIfCancellationRequested();
                if (replica.Ended.IsCompleted)
                    return false;
            }

            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
