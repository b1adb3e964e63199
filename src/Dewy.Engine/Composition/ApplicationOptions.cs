using System.Text.Json.Serialization;
using Dewy.Engine.Admin;
using Dewy.Engine.Agent;
using Dewy.Engine.Artifacts;
using Dewy.Engine.Containers;
using Dewy.Engine.Deployment;
using Dewy.Engine.Diagnostics;
using Dewy.Engine.Diagnostics.Telemetry;
using Dewy.Engine.Notifications;
using Dewy.Engine.Processes;
using Dewy.Engine.Proxy;
using Dewy.Engine.Registries;
using Dewy.Engine.Releases;
using Dewy.Engine.Replicas;

namespace Dewy.Engine.Composition;

/// <summary>Everything one application was configured with, validated.</summary>
public sealed record ApplicationOptions
{
    /// <summary>Name of the application: the repository's or directory's last word where none was given.</summary>
    public required string Name { get; init; }

    public required DeploymentMode Mode { get; init; }

    public required RegistryAddress Registry { get; init; }

    /// <summary>Credential for the registry alone; null for those of the environment.</summary>
    public GivenCredential? Credential { get; init; }

    /// <summary>Variables added to the agent's environment for this application alone; they may be secret.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Values that a configuration file took from elsewhere: no text may show them.</summary>
    [JsonIgnore]
    public IReadOnlyCollection<string> Secrets { get; init; } = [];

    /// <summary>Options of the environment, or meant for several applications, that mean nothing to this one, as they were spelled.</summary>
    public IReadOnlyList<string> PassedOver { get; init; } = [];

    public required ReleaseCriteria Criteria { get; init; }

    public required DeploymentOptions Deployment { get; init; }

    public ArtifactOptions Artifacts { get; init; } = new();

    public HookOptions Hooks { get; init; } = new();

    public AgentOptions Agent { get; init; } = new();

    public LogOptions Log { get; init; } = new();

    public TelemetryOptions Telemetry { get; init; } = new();

    public AdminOptions Admin { get; init; } = new();

    /// <summary>Ports given for HTTP or for the program to inherit; what they become depends on the mode and the hand-over.</summary>
    internal IReadOnlyList<PortMapping> Listen { get; init; } = [];

    /// <summary>Ports given for plain TCP.</summary>
    internal IReadOnlyList<PortMapping> ListenTcp { get; init; } = [];

    /// <summary>Where people are told what happens.</summary>
    public IReadOnlyList<NotifierAddress> Notifiers { get; init; } = [];

    /// <summary>Null except in server mode.</summary>
    public ServerOptions? Server { get; init; }

    /// <summary>Null except in container mode.</summary>
    public ContainerOptions? Container { get; init; }

    /// <summary>Null where there is no proxy.</summary>
    public ReplicaOptions? Replicas { get; init; }

    /// <summary>How long after going live a release is watched; zero where nothing runs.</summary>
    public TimeSpan WatchTime => Replicas?.WatchTime ?? Server?.WatchTime ?? TimeSpan.Zero;

    /// <summary>Whether what runs goes on when the agent ends.</summary>
    public bool LeaveOnExit => Replicas?.LeaveOnExit ?? Server?.LeaveOnExit ?? false;

    /// <summary>Null where there is no proxy: in assets mode, and where the program inherits its sockets.</summary>
    public ProxyOptions? Proxy { get; init; }
}
