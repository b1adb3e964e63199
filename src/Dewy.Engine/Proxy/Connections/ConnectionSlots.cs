namespace Dewy.Engine.Proxy.Connections;

/// <summary>How many client connections are open, and the most there may be: further ones wait in the sockets' queues.</summary>
internal sealed class ConnectionSlots(int most, ProxyTotals totals) : IDisposable
{
    private readonly SemaphoreSlim _free = new(most, most);

    /// <summary>Waits for a free slot, to be taken before a connection is accepted.</summary>
    public Task TakeAsync(CancellationToken cancellationToken) => _free.WaitAsync(cancellationToken);

    /// <summary>A connection was accepted into the slot.</summary>
    public void Connected() => totals.Connected();

    /// <summary>That connection is closed.</summary>
    public void Disconnected()
    {
        totals.Disconnected();
        _free.Release();
    }

    /// <summary>Gives back a slot that no connection came into.</summary>
    public void Return() => _free.Release();

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();
}
