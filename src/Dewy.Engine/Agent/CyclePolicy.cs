using Dewy.Engine.Composition;

namespace Dewy.Engine.Agent;

/// <summary>What the planner must know of the options.</summary>
internal sealed record CyclePolicy
{
    public required DeploymentMode Mode { get; init; }

    /// <summary>Whether a release is files in the root; else it is an image.</summary>
    public bool HasFiles => Mode != DeploymentMode.Container;

    public required AgentOptions Agent { get; init; }

    /// <summary>How long after going live a crash rolls the release back; zero where nothing is watched.</summary>
    public TimeSpan WatchTime { get; init; }

    /// <summary>Whether misbehaving releases are rolled back.</summary>
    public bool Rollback { get; init; } = true;

    public bool HasBeforeHook { get; init; }

    public bool HasAfterHook { get; init; }

    public bool Reports { get; init; }

    public IReadOnlyList<string> Shared { get; init; } = [];

    /// <summary>What the options of an application mean for its cycle.</summary>
    public static CyclePolicy From(ApplicationOptions options) => new()
    {
        Mode = options.Mode,
        Agent = options.Agent,
        WatchTime = options.WatchTime,
        Rollback = options.Replicas?.Rollback ?? options.Server?.Rollback ?? false,
        HasBeforeHook = options.Hooks.BeforeDeploy is not null,
        HasAfterHook = options.Hooks.AfterDeploy is not null,
        Reports = options.Deployment.Report,
        Shared = options.Deployment.Shared,
    };
}
