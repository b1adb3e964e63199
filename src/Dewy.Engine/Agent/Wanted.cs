namespace Dewy.Engine.Agent;

/// <summary>What the registry and the operator want live.</summary>
internal sealed record Wanted
{
    /// <summary>The newest matching release with its artifact; null where the registry could not tell or it has no artifact yet.</summary>
    public Release? Release { get; init; }

    /// <summary>Its place among the registry's matching releases relative to the live one: false where it is known to be older.</summary>
    public bool IsDowngrade { get; init; }

    /// <summary>When the release was published, or first seen where the registry does not tell.</summary>
    public DateTimeOffset? Since { get; init; }
}
