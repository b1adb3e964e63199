namespace Dewy;

/// <summary>Exit codes of the <c>dewy</c> command.</summary>
public enum ExitCode
{
    Ok = 0,
    Failed = 1,
    Usage = 2,
    Registry = 3,
    DeploymentFailed = 4,
    Locked = 5,
}
