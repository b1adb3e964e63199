using System.Diagnostics;
using Dewy.Engine.Agent;
using Dewy.Engine.Deployment;
using Dewy.Engine.Diagnostics.Telemetry;
using Dewy.Engine.Processes;
using Dewy.Engine.Proxy;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Dewy.Engine.Tests.Diagnostics.Telemetry;

public sealed class TelemetryPipelineTests : IDisposable
{
    private readonly TelemetryPipeline _pipeline;
    private readonly string _application = $"app{Guid.NewGuid():N}";
    private WorkloadObservation _workload = new();
    private RootState _state = new();

    public TelemetryPipelineTests() => _pipeline = new TelemetryPipeline(
        new TelemetryOptions { Prometheus = true },
        new TelemetrySources
        {
            Application = _application,
            Mode = DeploymentMode.Container,
            DesiredReplicas = 3,
            Ports = [new PortMapping(ListenAddress.ParseAll(["8000"])[0], 8080, IsTcp: false)],
            Observe = () => _workload,
            ReadState = () => _state,
        },
        "1.2.3");

    [Theory]
    [InlineData("dewy_deployments_total", "command=\"container\"", "1")]
    [InlineData("dewy_deployment_errors_total", "command=\"container\"", "1")]
    [InlineData("dewy_deployment_duration_seconds_bucket", "le=\"600\"", "1")]
    [InlineData("dewy_server_restarts_total", "reason=\"crash\"", "1")]
    [InlineData("dewy_polls_total", "outcome=\"not_modified\"", "1")]
    [InlineData("dewy_rollbacks_total", "reason=\"watch\"", "1")]
    [InlineData("dewy_healthchecks_total", "", "2")]
    [InlineData("dewy_healthchecks_failures_total", "", "1")]
    [InlineData("dewy_container_restarts", "replica=\"2\"", "1")]
    [InlineData("dewy_container_last_terminated_exit_code", "replica=\"2\"", "137")]
    [InlineData("dewy_container_oom_killed", "replica=\"2\"", "1")]
    public async Task Publish_Event_IsCounted(string instrument, string label, string value)
    {
        foreach (var sample in Events())
            _pipeline.View.Publish(sample);

        Assert.Equal(value, await ReadAsync(instrument, label));
    }

    [Fact]
    public async Task Scrape_Replicas_ShowsWhatIsThere()
    {
        _workload = new WorkloadObservation
        {
            Replicas =
            [
                new Replica { Application = _application, Id = "1", Name = "app-1-0", Number = 0, Tag = "v2", Image = "acme/app@sha256:00", State = ReplicaState.Healthy, StartedAt = DateTimeOffset.UnixEpoch.AddSeconds(5) },
                new Replica { Application = _application, Id = "2", Name = "app-1-1", Number = 1, Tag = "v2", State = ReplicaState.Stopping, StartedAt = DateTimeOffset.UnixEpoch },
            ],
        };
        _state = new RootState { Current = new LiveRelease { Tag = "v2", Key = "acme/app:v2", DeployedAt = DateTimeOffset.UnixEpoch, DeploymentId = "d" }, Pause = new ReleasePause(DateTimeOffset.UnixEpoch, "root") };

        Assert.Equal("3", await ReadAsync("dewy_container_desired_replicas"));
        Assert.Equal("1", await ReadAsync("dewy_container_replicas"));
        Assert.Equal("1", await ReadAsync("dewy_container_info", "version=\"v2\""));
        Assert.Equal("1", await ReadAsync("dewy_container_status", "container=\"app-1-0\",replica=\"0\",state=\"running\""));
        Assert.Equal("5", await ReadAsync("dewy_container_started_timestamp_seconds", "app-1-0"));
        Assert.Equal("1", await ReadAsync("dewy_release_info", "version=\"v2\""));
        Assert.Equal("1", await ReadAsync("dewy_agent_paused"));
    }

    [Fact]
    public async Task Proxy_Exchange_IsCounted()
    {
        _pipeline.Proxy.Connected(0);
        _pipeline.Proxy.Ended(new ProxyExchange(0, "GET", "HTTP/1.1", 502, Failed: true, "app-1-0", TimeSpan.FromMilliseconds(3)));
        _pipeline.Proxy.BackendConnected(0, TimeSpan.FromMilliseconds(2));
        _pipeline.Proxy.Disconnected(0, TimeSpan.FromSeconds(2), 1234);

        Assert.Equal("1", await ReadAsync("dewy_proxy_requests_total", "status=\"5xx\""));
        Assert.Equal("1", await ReadAsync("dewy_proxy_errors_total", "proxy_port=\"8000\""));
        Assert.Equal("1", await ReadAsync("dewy_proxy_connections_total", "proxy_port=\"8000\""));
        Assert.Equal("0", await ReadAsync("dewy_proxy_connections_active", "proxy_port=\"8000\""));
        Assert.Equal("1234", await ReadAsync("dewy_proxy_bytes_transferred_bytes_total", "proxy_port=\"8000\""));
        Assert.Equal("1", await ReadAsync("dewy_proxy_connect_latency_seconds_bucket", "le=\"0.005\""));
    }

    [Fact]
    public async Task Scrape_AfterADeployment_ShowsNothingOfWhatIsGone()
    {
        Show("v1", "app-1-0");
        Assert.Equal("1", await ReadAsync("dewy_container_info", "container=\"app-1-0\""));
        Show("v2", "app-2-0");
        _pipeline.View.Publish(new DeploymentEnded(Deployment(DeploymentResult.Succeeded)));
        _pipeline.View.Publish(new ReplicaStopped("app-1-0", "v1", Container: true));

        var scraped = await ScrapeAsync();

        Assert.Contains(scraped, line => line.StartsWith("dewy_container_info", StringComparison.Ordinal) && line.Contains("app-2-0", StringComparison.Ordinal));
        Assert.DoesNotContain(scraped, line => line.Contains("app-1-0", StringComparison.Ordinal));
        Assert.Single(scraped, line => line.StartsWith("dewy_release_info{", StringComparison.Ordinal));

        void Show(string tag, string replica)
        {
            _workload = new WorkloadObservation { Replicas = [new Replica { Application = _application, Id = replica, Name = replica, Number = 0, Tag = tag, State = ReplicaState.Healthy, StartedAt = DateTimeOffset.UnixEpoch }] };
            _state = new RootState { Current = new LiveRelease { Tag = tag, Key = tag, DeployedAt = DateTimeOffset.UnixEpoch, DeploymentId = tag } };
        }
    }

    [Fact]
    public async Task Proxy_ReplicaOfTheNextRelease_IsTheSameBackend()
    {
        _pipeline.Proxy.Ended(new ProxyExchange(0, "GET", "HTTP/1.1", 200, Failed: false, "my-app-1700000000-2", TimeSpan.Zero));
        _pipeline.Proxy.Ended(new ProxyExchange(0, "GET", "HTTP/1.1", 200, Failed: false, "my-app-1700000099-2", TimeSpan.Zero));
        _pipeline.Proxy.Ended(new ProxyExchange(0, "GET", "HTTP/1.1", 200, Failed: false, "127.0.0.1:5001", TimeSpan.Zero));

        Assert.Equal("2", await ReadAsync("dewy_proxy_requests_total", "backend=\"my-app-2\""));
        Assert.Equal("1", await ReadAsync("dewy_proxy_requests_total", "backend=\"127.0.0.1:5001\""));
    }

    [Fact]
    public void Publish_Deployment_IsASpanWithItsPhases()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == $"dewy.{_application}",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        var ended = new List<Activity>();
        listener.ActivityStopped = ended.Add;
        ActivitySource.AddActivityListener(listener);
        var began = DateTimeOffset.UnixEpoch.AddDays(20_000);

        _pipeline.View.Publish(new DeploymentStarted("d1", "v2", "v1", "agent") { Time = began });
        _pipeline.View.Publish(new StepStarted("d1", new PlanStep("fetch", "")) { Time = began });
        _pipeline.View.Publish(new StepCompleted("d1", new PlanStep("fetch", ""), TimeSpan.FromSeconds(1)) { Time = began.AddSeconds(1) });
        _pipeline.View.Publish(new StepStarted("d1", new PlanStep("start", "")) { Time = began.AddSeconds(1) });
        _pipeline.View.Publish(new DeploymentEnded(Deployment(DeploymentResult.Failed)) { Time = began.AddSeconds(3) });

        Assert.Equal([("fetch", ActivityStatusCode.Unset, 1), ("start", ActivityStatusCode.Error, 2), ("deploy v2", ActivityStatusCode.Error, 3)], ended.Select(activity => (activity.OperationName, activity.Status, (int)activity.Duration.TotalSeconds)));
        Assert.All(ended.Take(2), phase => Assert.Equal(ended[2].SpanId, phase.ParentSpanId));
    }

    public void Dispose() => _pipeline.Dispose();

    private static Dewy.Deployment Deployment(DeploymentResult result) => new()
    {
        Id = "d1",
        Mode = DeploymentMode.Container,
        Tag = "v2",
        Result = result,
        Error = result == DeploymentResult.Failed ? new DeploymentError { Code = ErrorCode.HealthCheckFailed, Message = "500" } : null,
        StartedAt = DateTimeOffset.UnixEpoch,
        FinishedAt = DateTimeOffset.UnixEpoch.AddSeconds(400),
        RequestedBy = "agent",
    };

    private static EngineEvent[] Events() =>
    [
        new DeploymentEnded(Deployment(DeploymentResult.Succeeded)),
        new DeploymentEnded(Deployment(DeploymentResult.Failed)),
        new ServerRestarted("v2", "crash"),
        new RegistryPolled("ghr://acme/app", PollOutcome.NotModified, TimeSpan.Zero),
        new RollingBack("v2", "v1", "crashed"),
        new ReplicaHealthy("app-1-0", "v2", "http://127.0.0.1:1/", "200 OK", 1, TimeSpan.Zero),
        new ReplicaRefused("app-1-0", "v2", ErrorCode.HealthCheckFailed, "500"),
        new ReplicaExited("app-1-2", "v2", new ProcessExit { Signal = 9 }),
    ];

    /// <summary>The value of the line of an instrument that has this among its labels, as a scraper reads it.</summary>
    private async Task<string> ReadAsync(string instrument, string label = "")
    {
        var lines = await ScrapeAsync();
        var line = lines.FirstOrDefault(line => (line.StartsWith(instrument + "{", StringComparison.Ordinal) || line.StartsWith(instrument + " ", StringComparison.Ordinal)) && line.Contains(label, StringComparison.Ordinal));
        Assert.True(line is not null, $"no {instrument} with {label} in\n{string.Join('\n', lines.Where(line => !line.StartsWith('#')))}");
        return line.Split(' ')[1];
    }

    private async Task<string[]> ScrapeAsync()
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Path = "/metrics";
        using var body = new MemoryStream();
        context.Response.Body = body;
        await _pipeline.Answer()!(context); // the options ask for it
        return System.Text.Encoding.UTF8.GetString(body.ToArray()).Split('\n');
    }
}
