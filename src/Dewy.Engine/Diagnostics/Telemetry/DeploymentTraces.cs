using System.Diagnostics;

namespace Dewy.Engine.Diagnostics.Telemetry;

/// <summary>One span for each deployment, and one within it for each of its phases.</summary>
internal sealed class DeploymentTraces(ActivitySource source) : IEngineEventSink
{
    /// <summary>Deployments that never end, say because their agent is torn down, do not pile up.</summary>
    private const int MostOpen = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Activity> _deployments = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Deployment, string Step), Activity> _steps = [];

    /// <inheritdoc/>
    public void Publish(EngineEvent engineEvent)
    {
        lock (_gate)
        {
            switch (engineEvent)
            {
                case DeploymentStarted started when _deployments.Count < MostOpen:
                    Begin(started);
                    break;
                case StepStarted { DeploymentId: { } id } step when _deployments.TryGetValue(id, out var deployment):
                    if (source.StartActivity(step.Step.Name, ActivityKind.Internal, deployment.Context, startTime: step.Time) is { } phase)
                        _steps[(id, step.Step.Name)] = phase;
                    break;
                case StepCompleted { DeploymentId: { } id } step when _steps.Remove((id, step.Step.Name), out var done):
                    End(done, step.Time);
                    break;
                case DeploymentEnded ended:
                    End(ended.Deployment, ended.Time);
                    break;
            }
        }
    }

    private void Begin(DeploymentStarted started)
    {
        if (source.StartActivity($"deploy {started.Tag}", ActivityKind.Internal, parentContext: default, startTime: started.Time) is not { } activity)
            return;
        activity.SetTag("dewy.deployment.id", started.Id);
        activity.SetTag("dewy.release.tag", started.Tag);
        activity.SetTag("dewy.release.previous_tag", started.PreviousTag);
        activity.SetTag("dewy.application", started.Application);
        _deployments[started.Id] = activity;
    }

    private void End(Dewy.Deployment deployment, DateTimeOffset at)
    {
        foreach (var (key, phase) in _steps.Where(step => step.Key.Deployment == deployment.Id).ToList())
        {
            _steps.Remove(key); // the phase that failed
            phase.SetStatus(ActivityStatusCode.Error);
            End(phase, at);
        }

        if (!_deployments.Remove(deployment.Id, out var activity))
            return;
        activity.SetTag("dewy.deployment.result", deployment.Result.ToString().ToLowerInvariant());
        if (deployment.Error is { } error)
        {
            activity.SetTag("error.type", error.Code.ToString());
            activity.SetStatus(ActivityStatusCode.Error, error.Message);
        }

        End(activity, at);
    }

    private static void End(Activity activity, DateTimeOffset at)
    {
        activity.SetEndTime(at.UtcDateTime);
        activity.Dispose();
    }
}
