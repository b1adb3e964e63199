namespace Dewy.Engine.Diagnostics.Telemetry;

/// <summary>Where metrics and traces go.</summary>
public sealed record TelemetryOptions
{
    /// <summary>Whether the admin API answers <c>/metrics</c> in Prometheus' text format; default false.</summary>
    public bool Prometheus { get; init; }

    /// <summary>OTLP collector that metrics and traces are pushed to (gRPC); null for none.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>Whether anything is measured at all.</summary>
    public bool IsOn => Prometheus || OtlpEndpoint is not null;
}
