namespace Dewy.Engine.Deployment;

/// <summary>
/// Tells when the state of a root changes, whichever process changes it: told by the file system where that works
/// (not on every network file system, and not when the host is out of watches), and by looking every few seconds anyway.
/// </summary>
internal sealed class StateWatch : IDisposable
{
    /// <summary>How often it looks without being told.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    private readonly StateStore _store;
    private readonly TimeProvider _timeProvider;
    private readonly SemaphoreSlim _told = new(0);
    private readonly FileSystemWatcher? _watcher;

    /// <param name="layout">A root whose <c>.dewy</c> exists.</param>
    public StateWatch(RootLayout layout, StateStore store, TimeProvider timeProvider)
    {
        _store = store;
        _timeProvider = timeProvider;
        _watcher = TryWatch(layout.StateFile);
    }

    /// <summary>Completes once the state has another revision than <paramref name="seenRevision"/>; at once where it has already.</summary>
    /// <exception cref="DewyException">The state cannot be read.</exception>
    public async Task<RootState> WaitForChangeAsync(long seenRevision, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_store.Read() is var state && state.Revision != seenRevision)
                return state;
            using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(_told.WaitAsync(woken.Token), Task.Delay(PollInterval, _timeProvider, woken.Token));
            await woken.CancelAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watcher?.Dispose();
        _told.Dispose();
    }

    private FileSystemWatcher? TryWatch(string file)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            // An absolute path of a file has a directory.
            watcher = new FileSystemWatcher(Path.GetDirectoryName(file)!, Path.GetFileName(file)) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite };
            watcher.Renamed += (_, _) => Tell();
            watcher.Created += (_, _) => Tell();
            watcher.Changed += (_, _) => Tell();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or PlatformNotSupportedException)
        {
            watcher?.Dispose();
            return null;
        }
    }

    private void Tell()
    {
        try
        {
            if (_told.CurrentCount == 0)
                _told.Release();
        }
        catch (ObjectDisposedException)
        {
            // The watcher's last word after Dispose.
        }
    }
}
