namespace Dewy.Engine.Deployment;

/// <summary>Who holds a root, as written into its lock file.</summary>
internal sealed record RootLockHolder
{
    /// <summary>Null in the instant between taking the lock and writing this.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Since when (UTC).</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary><see cref="RootLock.AgentPurpose"/>, or the one-off command that holds it, such as <c>deploy</c>.</summary>
    public string? Purpose { get; init; }

    /// <summary>Whether it is an agent.</summary>
    public bool IsAgent => string.Equals(Purpose, RootLock.AgentPurpose, StringComparison.Ordinal);
}
