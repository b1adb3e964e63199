namespace Dewy.Engine.Replicas;

/// <summary>The proxy as a whole, as the replicas' owner sees it.</summary>
internal interface IProxy : IAsyncDisposable
{
    /// <summary>Binds its ports, or takes over those it was handed, and accepts connections.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.PortInUse"/>, or a certificate that cannot be used.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Closes the listeners, waits for what is in flight as long as its options say, and ends the rest. Does nothing where it is not started.</summary>
    /// <returns>How many requests had to be ended.</returns>
    Task<int> StopAsync();

    ProxyStatus GetStatus();
}
