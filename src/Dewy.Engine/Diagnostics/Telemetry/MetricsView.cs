using System.Diagnostics.Metrics;

namespace Dewy.Engine.Diagnostics.Telemetry;

/// <summary>Counts what events tell of.</summary>
internal sealed class MetricsView : IEngineEventSink
{
    private readonly ReplicaInstruments _replicas;
    private readonly KeyValuePair<string, object?> _command;
    private readonly Counter<long> _deployments;
    private readonly Histogram<double> _deploymentDuration;
    private readonly Counter<long> _deploymentErrors;
    private readonly Counter<long> _healthChecks;
    private readonly Counter<long> _healthCheckFailures;
    private readonly Counter<long> _restarts;
    private readonly Counter<long> _polls;
    private readonly Counter<long> _rollbacks;

    public MetricsView(Meter meter, ReplicaInstruments replicas, DeploymentMode mode)
    {
        _replicas = replicas;
        _command = new("command", mode.ToString().ToLowerInvariant());
        _deployments = meter.CreateCounter<long>("dewy.deployments.total", "{deployment}", "Deployments that succeeded.");
        _deploymentDuration = meter.CreateHistogram<double>("dewy.deployment.duration", "s", "How long deployments take.");
        _deploymentErrors = meter.CreateCounter<long>("dewy.deployment.errors.total", "{error}", "Deployments that failed.");
        _healthChecks = meter.CreateCounter<long>("dewy.healthchecks.total", "{check}", "Health checks of new replicas.");
        _healthCheckFailures = meter.CreateCounter<long>("dewy.healthchecks.failures.total", "{check}", "Those that failed.");
        _restarts = meter.CreateCounter<long>("dewy.server.restarts.total", "{restart}", "Restarts of the application.");
        _polls = meter.CreateCounter<long>("dewy.polls.total", "{poll}", "Looks at the registry.");
        _rollbacks = meter.CreateCounter<long>("dewy.rollbacks.total", "{rollback}", "Releases that were taken back.");
    }

    /// <inheritdoc/>
    public void Publish(EngineEvent engineEvent)
    {
        if (engineEvent is DeploymentEnded)
            _replicas.Renew(); // what is live may have changed
        switch (engineEvent)
        {
            case DeploymentEnded { Deployment: { Result: DeploymentResult.Succeeded } ended }:
                _deployments.Add(1, _command);
                _deploymentDuration.Record(ended.Duration.TotalSeconds, _command);
                break;
            case DeploymentEnded { Deployment.Result: DeploymentResult.Failed }:
                _deploymentErrors.Add(1, _command);
                break;
            case ReplicaHealthy:
                _healthChecks.Add(1);
                break;
            case ReplicaRefused { Code: ErrorCode.HealthCheckFailed }:
                _healthChecks.Add(1);
                _healthCheckFailures.Add(1);
                break;
            case ServerRestarted restarted:
                _restarts.Add(1, new KeyValuePair<string, object?>("reason", restarted.Reason));
                break;
            case RegistryPolled polled:
                _polls.Add(1, new KeyValuePair<string, object?>("registry", polled.Registry), new KeyValuePair<string, object?>("outcome", Word(polled.Outcome)));
                break;
            case RollingBack:
                _rollbacks.Add(1, new KeyValuePair<string, object?>("reason", "watch"));
                break;
            case ReplicaExited exited:
                _replicas.Ended(exited);
                break;
            case ReplicaStopped:
                _replicas.Renew();
                break;
        }
    }

    private static string Word(PollOutcome outcome) => outcome is PollOutcome.NotModified ? "not_modified" : outcome.ToString().ToLowerInvariant();
}
