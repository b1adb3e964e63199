namespace Dewy;

/// <summary>A running proxy.</summary>
public sealed record ProxyStatus
{
    /// <summary>Name of the application, or of the proxy where it runs by itself.</summary>
    public required string Name { get; init; }

    /// <summary>Where it listens, in the order of the ports.</summary>
    public required IReadOnlyList<string> Listen { get; init; }

    public required IReadOnlyList<BackendStatus> Backends { get; init; }

    /// <summary>Requests and TCP connections in flight.</summary>
    public int InFlight { get; init; }

    /// <summary>Requests and TCP connections since it started.</summary>
    public long Requests { get; init; }

    /// <summary>Answers of 500 and above among them, its own included.</summary>
    public long Failures { get; init; }

    /// <summary>Client connections open now.</summary>
    public int Connections { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
