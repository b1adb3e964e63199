namespace Dewy.Engine.Proxy.Backends;

/// <summary>Requests that wait for a backend to become healthy: each for so long, and no more than so many.</summary>
internal sealed class HeldRequests(TimeSpan hold, TimeProvider time)
{
    /// <summary>Requests that may wait at once; further ones are refused.</summary>
    public const int Most = 10_000;

    private int _count;

    /// <summary>Whether requests are held at all.</summary>
    public bool IsOn => hold > TimeSpan.Zero;

    /// <summary>Tries again at each change until it gets something or the time is over.</summary>
    /// <param name="changed">Raised when trying again may help.</param>
    /// <param name="tryClaim">Gets something, or null.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    public async ValueTask<Backend?> WaitAsync(Signal changed, Func<Backend?> tryClaim, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changed);
        ArgumentNullException.ThrowIfNull(tryClaim);
        if (Interlocked.Increment(ref _count) > Most)
        {
            Interlocked.Decrement(ref _count);
            return null;
        }

        using var over = new CancellationTokenSource(hold, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            while (true)
            {
                var next = changed.Next; // before trying, or a change in between would be missed
                if (tryClaim() is { } backend)
                    return backend;
                await next.WaitAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
