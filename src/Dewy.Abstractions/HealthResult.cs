namespace Dewy;

/// <summary>The outcome of one health check.</summary>
public sealed record HealthResult
{
    /// <summary>What was asked: a URL, or a bare address where only a connection was wanted.</summary>
    public required string Target { get; init; }

    public required bool Healthy { get; init; }

    /// <summary>What the last try found, such as <c>200 OK</c> or <c>connection refused</c>.</summary>
    public required string Answer { get; init; }

    public required int Attempts { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Target}: {Answer}";
}
