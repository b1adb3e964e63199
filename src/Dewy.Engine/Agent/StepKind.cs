namespace Dewy.Engine.Agent;

/// <summary>The closed set of things a cycle can do.</summary>
internal enum StepKind
{
    /// <summary>Clean up after an attempt that never ended.</summary>
    Recover,

    /// <summary>Point <c>current</c> back to the live release.</summary>
    Restore,

    /// <summary>Forget a block or a pin that no longer means anything.</summary>
    Forget,

    /// <summary>Write down that an attempt begins.</summary>
    Begin,

    /// <summary>Bring the artifact into the cache, verified.</summary>
    Fetch,

    /// <summary>Run the hook before the deployment.</summary>
    BeforeHook,

    /// <summary>Extract the artifact and link what is shared.</summary>
    Extract,

    /// <summary>Point <c>current</c> at the new release.</summary>
    Switch,

    /// <summary>Start the application, or replace what runs, and wait until it is healthy.</summary>
    Start,

    /// <summary>Run the hook after the deployment.</summary>
    AfterHook,

    /// <summary>Write down that the release is live.</summary>
    Record,

    /// <summary>Tell the registry.</summary>
    Report,

    /// <summary>Remove releases, leftovers and cache entries nobody needs.</summary>
    Prune,
}
