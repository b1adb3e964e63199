using Dewy.Engine.Registries;

namespace Dewy.Engine.Agent;

/// <summary>What the registry and the operator want live.</summary>
internal sealed record Wanted
{
    /// <summary>The newest matching release with its files; null where it has no artifact yet.</summary>
    public ReleaseFinding? Finding { get; init; }

    public Release? Release => Finding?.Release;

    /// <summary>True where the release is known to be older than the live one.</summary>
    public bool IsDowngrade { get; init; }

    /// <summary>When the release was published, or first seen where the registry does not tell.</summary>
    public DateTimeOffset? Since { get; init; }
}
