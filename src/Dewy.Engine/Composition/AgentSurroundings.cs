using Dewy.Engine.Agent;
using Dewy.Engine.Diagnostics;
using Dewy.Engine.Diagnostics.Telemetry;

namespace Dewy.Engine.Composition;

/// <summary>What is around an application while it is worked on: nothing for a look at it, everything for its agent.</summary>
internal sealed record AgentSurroundings
{
    public static AgentSurroundings None { get; } = new();

    /// <summary>Whether its notifiers tell people.</summary>
    public bool Notifies { get; init; }

    /// <summary>Whether its proxy opens its ports; false for a command that replaces replicas and ends. Default true.</summary>
    public bool Serves { get; init; } = true;

    /// <summary>How others reach its agent; null where nobody does.</summary>
    public IAgentAdmin? Admin { get; init; }

    /// <summary>Learns its secrets; null for one of its own.</summary>
    public SecretRedactor? Redactor { get; init; }

    /// <summary>What it is measured by; null where it is not.</summary>
    public TelemetryPipeline? Telemetry { get; init; }
}
