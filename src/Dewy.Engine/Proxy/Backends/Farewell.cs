namespace Dewy.Engine.Proxy.Backends;

/// <summary>
/// How exchanges learn that they should end, in three steps. Short ones need to know nothing; a WebSocket says goodbye to
/// its client at the first, to its server at the second at the latest, and is cut at the third.
/// </summary>
internal sealed class Farewell : IDisposable
{
    /// <summary>How long the other side of a connection that lives on may take to say goodbye of its own; half the limit where that is less.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long exchanges that were ended may take to give up what they hold.</summary>
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _leaving = new();
    private readonly CancellationTokenSource _hurrying = new();
    private readonly CancellationTokenSource _ended = new();

    public Farewell()
    {
        Leaving = _leaving.Token;
        Hurrying = _hurrying.Token;
        Ended = _ended.Token;
    }

    /// <summary>Nothing new begins; what lives on should come to its end.</summary>
    public CancellationToken Leaving { get; }

    /// <summary>What still lives on should end itself.</summary>
    public CancellationToken Hurrying { get; }

    /// <summary>The limit is over: what is left is cut.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Goes through the steps until <paramref name="idle"/> completes.</summary>
    /// <param name="idle">Completes when nothing is left.</param>
    /// <param name="remaining">Counts what is left.</param>
    /// <param name="limit">How long until what is left is cut.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up waiting; nothing is cut then.</param>
    /// <returns>How many were cut.</returns>
    public async Task<int> RunAsync(Task idle, Func<int> remaining, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(remaining);
        await _leaving.CancelAsync();
        var patience = limit / 2 < Patience ? limit / 2 : Patience;
        if (await CompletesAsync(idle, patience, time, cancellationToken))
            return 0;
        await _hurrying.CancelAsync();
        if (await CompletesAsync(idle, limit - patience, time, cancellationToken))
            return 0;
        var ended = remaining();
        await _ended.CancelAsync();
        await CompletesAsync(idle, CleanUpLimit, time, cancellationToken);
        return ended;
    }

    /// <summary>Cuts at once.</summary>
    public Task EndAsync() => _ended.CancelAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        _leaving.Dispose();
        _hurrying.Dispose();
        _ended.Dispose();
    }

    private static async Task<bool> CompletesAsync(Task idle, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        if (idle.IsCompleted)
            return true;
        try
        {
            await idle.WaitAsync(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
