namespace Dewy.Engine.Artifacts.Caching.Shared;

/// <summary>Uploads under way, so that a deployment waits for none. Its owner awaits them at the end, for a while.</summary>
internal sealed class PendingUploads(TimeProvider timeProvider) : IAsyncDisposable
{
    /// <summary>How long the end waits for them; then the other hosts fetch for themselves.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>Starts one; it handles its own failures.</summary>
    public void Start(Func<CancellationToken, Task> upload)
    {
        lock (_gate)
        {
            _running.RemoveWhere(task => task.IsCompleted);
            _running.Add(Task.Run(() => upload(_end.Token), CancellationToken.None));
        }
    }

    /// <summary>Waits for all that are under way.</summary>
    public Task CompletedAsync()
    {
        lock (_gate)
            return Task.WhenAll(_running);
    }

    public async ValueTask DisposeAsync()
    {
        using var expiry = new CancellationTokenSource(Patience, timeProvider);
        await using var cancel = expiry.Token.Register(_end.Cancel);
        await CompletedAsync();
        _end.Dispose();
    }
}
