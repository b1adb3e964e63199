namespace Dewy.Engine.Proxy;

/// <summary>Limits of the proxy that are no options: what one client may cost.</summary>
internal sealed record ProxyLimits
{
    /// <summary>How long a client may take to send the first byte of a new connection, a request's headers, or its part of a TLS handshake; default 15 s.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Slowest that a request's body may come, or its answer be taken, once it has been waited for so long; default 240 bytes a second after 30 s.</summary>
    public TimeSpan SlowGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc cref="SlowGrace"/>
    public double SlowestBytesPerSecond { get; init; } = 240;

    /// <summary>Headers of a request; default 100, as in Kestrel.</summary>
    public int HeaderCount { get; init; } = 100;

    /// <summary>Bytes of all headers of a request; default 32 KiB, as in Kestrel.</summary>
    public int HeaderBytes { get; init; } = 32 * 1024;

    /// <summary>Bytes of a request's first line, its URL for the most part; default 16 KiB.</summary>
    public int RequestLineBytes { get; init; } = 16 * 1024;

    /// <summary>Requests at once on one HTTP/2 connection; default 100, as in Kestrel.</summary>
    public int StreamsPerConnection { get; init; } = 100;
}
