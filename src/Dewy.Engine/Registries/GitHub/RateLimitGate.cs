namespace Dewy.Engine.Registries.GitHub;

/// <summary>Keeps requests back for as long as GitHub asked to be left alone: whoever goes on asking is shut out for longer.</summary>
internal sealed class RateLimitGate(TimeProvider timeProvider)
{
    private volatile Pause? _pause;

    /// <summary>Notes what a request failed with.</summary>
    public void Note(DewyException failure)
    {
        if (failure is not { Code: ErrorCode.RegistryRateLimited, RetryAfter: { } pause })
            return;
        _pause = new Pause(failure, timeProvider.GetUtcNow() + pause);
    }

    /// <summary>Fails as the last request did while the pause lasts, with what is left of it.</summary>
    public void ThrowIfClosed()
    {
        if (_pause is not var (refusal, until))
            return;
        var left = until - timeProvider.GetUtcNow();
        if (left <= TimeSpan.Zero)
            return;
        throw new DewyException(refusal.Code, $"{refusal.Message} It is not asked before {until:HH:mm:ss} UTC.", refusal)
        {
            Phase = refusal.Phase,
            Target = refusal.Target,
            NextStep = refusal.NextStep,
            RetryAfter = left,
        };
    }

    private sealed record Pause(DewyException Refusal, DateTimeOffset Until);
}
