using Dewy.Engine.Agent;
using Dewy.Engine.Deployment;
using Dewy.Engine.Proxy;

namespace Dewy.Engine.Diagnostics.Telemetry;

/// <summary>What is looked at when metrics are collected.</summary>
internal sealed record TelemetrySources
{
    public required string Application { get; init; }

    public required DeploymentMode Mode { get; init; }

    /// <summary>How many replicas there shall be; null where there are none.</summary>
    public int? DesiredReplicas { get; init; }

    /// <summary>The proxy's ports; empty where there is none.</summary>
    public IReadOnlyList<PortMapping> Ports { get; init; } = [];

    public required Func<WorkloadObservation> Observe { get; init; }

    public required Func<RootState> ReadState { get; init; }
}
