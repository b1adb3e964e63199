using Dewy.Engine.Admin.Events;
using Dewy.Engine.Admin.Operations;
using Dewy.Engine.Diagnostics;

namespace Dewy.Engine.Admin;

/// <summary>What the admin API works with.</summary>
internal sealed class AdminServerParts
{
    /// <summary>Bound and listening; owned.</summary>
    public required AdminSockets Sockets { get; init; }

    public required IAgentOperations Agent { get; init; }

    public required EventFeed Feed { get; init; }

    /// <summary>The token that holds.</summary>
    public required Func<string> Token { get; init; }

    public required SecretRedactor Redactor { get; init; }

    public required IEngineEventSink Events { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Version of Dewy.</summary>
    public required string Version { get; init; }

    /// <summary>Answers <c>/metrics</c>; null where telemetry is off.</summary>
    public MetricsAnswer? Metrics { get; init; }
}
