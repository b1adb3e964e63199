namespace Dewy.Engine.Composition;

/// <summary>Under which heading an option is shown.</summary>
public enum OptionGroup
{
    /// <summary>What is deployed, and where to.</summary>
    Release,

    /// <summary>When the agent looks and when it may act.</summary>
    Schedule,

    /// <summary>How artifacts are fetched, verified and kept.</summary>
    Artifact,

    /// <summary>How the root is laid out and what runs around a deployment.</summary>
    Deployment,

    /// <summary>The supervised program.</summary>
    Server,

    /// <summary>What serves, and how it is looked after.</summary>
    Health,

    /// <summary>Several replicas behind the built-in proxy.</summary>
    Proxy,

    /// <summary>How containers are run.</summary>
    Container,

    /// <summary>Whom the agent tells.</summary>
    Notification,

    /// <summary>What the agent tells.</summary>
    Logging,

    /// <summary>How the agent is watched and told what to do.</summary>
    Admin,

    /// <summary>Where options come from.</summary>
    Configuration,
}
