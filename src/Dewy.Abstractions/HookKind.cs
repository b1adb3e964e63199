namespace Dewy;

/// <summary>When a hook runs.</summary>
public enum HookKind
{
    /// <summary>After the artifact is in the cache, before it is extracted.</summary>
    BeforeDeploy,

    /// <summary>After the release is live and healthy.</summary>
    AfterDeploy,
}
