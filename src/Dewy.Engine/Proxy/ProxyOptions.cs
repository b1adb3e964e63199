namespace Dewy.Engine.Proxy;

/// <summary>The proxy in front of the replicas.</summary>
public sealed record ProxyOptions
{
    /// <summary>Its ports, in the order of the replicas' addresses.</summary>
    public required IReadOnlyList<PortMapping> Ports { get; init; }

    public BalancePolicy Balance { get; init; }

    /// <summary>How long a request is held while no backend is healthy, before 503; default 0.</summary>
    public TimeSpan Hold { get; init; }

    /// <summary>Without a byte in either direction a request or connection is ended after this; zero for never; default 300 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How long requests in flight may take when the proxy stops; default 30 s.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Path of the active health check; null to be content with a connection.</summary>
    public string? HealthPath { get; init; }

    /// <summary>Absolute path of a certificate chain in PEM, or of a PKCS #12 file; null for plain HTTP. Read again when it changes.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Absolute path of its private key in PEM; null where the certificate file holds it.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Client connections open at once; further ones wait to be accepted; default 100,000.</summary>
    public int MaximumConnections { get; init; } = 100_000;

    /// <summary>Largest request body in bytes; null for any size, the default.</summary>
    public long? MaximumRequestBody { get; init; }
}
