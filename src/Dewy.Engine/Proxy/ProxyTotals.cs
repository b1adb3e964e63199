namespace Dewy.Engine.Proxy;

/// <summary>What a proxy has done since it started; HTTP and TCP ports count into the same.</summary>
internal sealed class ProxyTotals
{
    private int _inFlight;
    private int _connections;
    private long _requests;
    private long _failures;

    public int InFlight => Volatile.Read(ref _inFlight);

    public int Connections => Volatile.Read(ref _connections);

    public long Requests => Interlocked.Read(ref _requests);

    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>A request, or a connection of a TCP port, begins.</summary>
    public void Begin()
    {
        Interlocked.Increment(ref _inFlight);
        Interlocked.Increment(ref _requests);
    }

    /// <summary>It has ended.</summary>
    /// <param name="failed">Whether with 500 or above, or broken.</param>
    public void End(bool failed)
    {
        if (failed)
            Interlocked.Increment(ref _failures);
        Interlocked.Decrement(ref _inFlight);
    }

    public void Connected() => Interlocked.Increment(ref _connections);

    public void Disconnected() => Interlocked.Decrement(ref _connections);
}
