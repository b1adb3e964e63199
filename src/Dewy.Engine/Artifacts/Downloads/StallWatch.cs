namespace Dewy.Engine.Artifacts.Downloads;

/// <summary>Cancels work that shows no sign of life for a while.</summary>
internal sealed class StallWatch : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly CancellationTokenSource _stalled;
    private readonly CancellationTokenSource _either;

    public StallWatch(TimeSpan limit, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        _limit = limit;
        _stalled = new CancellationTokenSource(limit, timeProvider);
        _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stalled.Token);
    }

    /// <summary>Cancelled by the caller or by the stall.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Whether the limit has passed without a <see cref="Pulse"/>.</summary>
    public bool Stalled => _stalled.IsCancellationRequested;

    /// <summary>A sign of life: the limit counts from now.</summary>
    public void Pulse() => _stalled.CancelAfter(_limit);

    public void Dispose()
    {
        _either.Dispose();
        _stalled.Dispose();
    }
}
