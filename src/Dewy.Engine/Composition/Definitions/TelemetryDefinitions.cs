namespace Dewy.Engine.Composition.Definitions;

/// <summary>Metrics and traces.</summary>
internal static class TelemetryDefinitions
{
    private const string Insecure = "otlp-insecure";

    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        Define.Switch("telemetry", OptionGroup.Logging,
            "Answer /metrics of the admin API in Prometheus' format.",
            (options, value) => options with { Telemetry = options.Telemetry with { Prometheus = value } }),
        Define.Text("otlp-endpoint", OptionGroup.Logging, "host:port",
            "Push metrics and traces to this OpenTelemetry collector (gRPC), such as collector:4317.",
            (options, value) => options with { Telemetry = options.Telemetry with { OtlpEndpoint = Endpoint(value) } }),
        Define.Switch(Insecure, OptionGroup.Logging,
            "Push to the collector without TLS.",
            (options, value) => options with { Telemetry = options.Telemetry with { OtlpEndpoint = options.Telemetry.OtlpEndpoint is { } endpoint && value ? WithoutTls(endpoint) : options.Telemetry.OtlpEndpoint } }),
    ];

    private static Uri Endpoint(string text)
    {
        var written = text.Contains("://", StringComparison.Ordinal) ? text : $"https://{text}";
        return Uri.TryCreate(written, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https" && endpoint.UserInfo.Length == 0
            ? endpoint
            : throw new FormatException($"'{text}' is not an address such as collector:4317");
    }

    private static Uri WithoutTls(Uri endpoint) => new UriBuilder(endpoint) { Scheme = "http", Port = endpoint.Port }.Uri;
}
