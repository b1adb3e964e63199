using Docker.DotNet.Models;

namespace Dewy.Engine.Containers.RunOptions;

/// <summary>When the engine itself starts a container again.</summary>
/// <param name="Kind">The policy.</param>
/// <param name="Retries">How often at most, 0 for no limit; only on failure.</param>
internal sealed record RestartEntry(RestartPolicyKind Kind, int Retries)
{
    /// <summary>Never: Dewy looks after crashed replicas itself, with back-off and rollback.</summary>
    public static RestartEntry Never { get; } = new(RestartPolicyKind.No, 0);
}
