using System.Diagnostics;
using System.Diagnostics.Metrics;
using Dewy.Engine.Admin;
using Dewy.Engine.Proxy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Dewy.Engine.Diagnostics.Telemetry;

/// <summary>
/// Metrics and traces of one application: instruments fed by events and by the proxy, shown at <c>/metrics</c> and pushed
/// to a collector, as the options say.
/// </summary>
internal sealed class TelemetryPipeline : IDisposable
{
    public const string Name = "dewy";

    /// <summary>How long the last push may take when it is stopped.</summary>
    private const int FlushMilliseconds = 3_000;

    private static readonly double[] DeploymentSeconds = [1, 5, 10, 30, 60, 120, 300, 600];
    private static readonly double[] RequestSeconds = [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30];
    private static readonly double[] ConnectionSeconds = [.01, .1, 1, 5, 15, 60, 300, 900, 3600];
    private static readonly double[] ConnectSeconds = [.001, .005, .01, .025, .05, .1, .25, .5, 1, 5];

    private readonly Meter _meter;
    private readonly ReplicaInstruments _replicas;
    private readonly ActivitySource _traces;
    private readonly MeterProvider _metrics;
    private readonly TracerProvider? _tracer;
    private readonly ServiceProvider? _services;
    private readonly RequestDelegate? _scrape;

    public TelemetryPipeline(TelemetryOptions options, TelemetrySources sources, string version)
    {
        // A process may run several applications, and each shows only what is its own.
        var scope = $"{Name}.{sources.Application}";
        _meter = new Meter(scope, version);
        _traces = new ActivitySource(scope, version);
        var resource = ResourceBuilder.CreateEmpty().AddService(Name, serviceVersion: version, autoGenerateServiceInstanceId: false);
        _replicas = new ReplicaInstruments(scope, version, sources);
        Proxy = new ProxyInstruments(_meter, sources.Ports);
        View = new FanOutEventSink(new MetricsView(_meter, _replicas, sources.Mode), new DeploymentTraces(_traces));
        var metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(scope)
            .AddView("dewy.deployment.duration", new ExplicitBucketHistogramConfiguration { Boundaries = DeploymentSeconds })
            .AddView("dewy.proxy.request.duration", new ExplicitBucketHistogramConfiguration { Boundaries = RequestSeconds })
            .AddView("dewy.proxy.connection.duration", new ExplicitBucketHistogramConfiguration { Boundaries = ConnectionSeconds })
            .AddView("dewy.proxy.connect.latency", new ExplicitBucketHistogramConfiguration { Boundaries = ConnectSeconds });
        if (options.Prometheus)
            metrics.AddPrometheusExporter(exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 0);
        if (options.OtlpEndpoint is { } endpoint)
        {
            metrics.AddOtlpExporter(exporter => exporter.Endpoint = endpoint);
            _tracer = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(scope).AddOtlpExporter(exporter => exporter.Endpoint = endpoint).Build();
        }

        _metrics = metrics.Build();
        if (!options.Prometheus)
            return;
        _services = new ServiceCollection().BuildServiceProvider();
        _scrape = new ApplicationBuilder(_services).UseOpenTelemetryPrometheusScrapingEndpoint(_metrics, predicate: null, path: "/metrics", configureBranchedPipeline: null, optionsName: null).Build();
    }

    /// <summary>Where the application's events go.</summary>
    public IEngineEventSink View { get; }

    /// <summary>Where the proxy's exchanges go.</summary>
    public IProxyObserver Proxy { get; }

    /// <summary>What answers a scrape; null where nobody scrapes.</summary>
    public MetricsAnswer? Answer() => _scrape is { } scrape ? scrape.Invoke : null;

    /// <summary>Pushes what is left, within a limit, and stops.</summary>
    public void Dispose()
    {
        _metrics.Shutdown(FlushMilliseconds);
        _tracer?.Shutdown(FlushMilliseconds);
        _metrics.Dispose();
        _tracer?.Dispose();
        _services?.Dispose();
        _traces.Dispose();
        _replicas.Dispose();
        _meter.Dispose();
    }
}
