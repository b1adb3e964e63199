namespace Dewy;

/// <summary>What a check of a configuration came to.</summary>
public enum CheckResult
{
    /// <summary>It is as it should be.</summary>
    Passed,

    /// <summary>An agent can work with it, and someone should look at it.</summary>
    Warning,

    /// <summary>An agent would fail.</summary>
    Failed,

    /// <summary>It could not be found out, or not without changing something.</summary>
    Skipped,
}
