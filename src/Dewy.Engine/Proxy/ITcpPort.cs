namespace Dewy.Engine.Proxy;

/// <summary>A port whose bytes are passed on as they are.</summary>
internal interface ITcpPort : IAsyncDisposable
{
    /// <summary>Accepts from now on.</summary>
    void Start();

    /// <summary>Stops accepting at once; returns when the last connection has ended, or when <paramref name="limit"/> is cancelled and those left were cut.</summary>
    Task StopAsync(CancellationToken limit);
}
