namespace Dewy;

/// <summary>Another host of the fleet is fetching the artifact; this one waits for it instead of fetching it as well.</summary>
/// <param name="Key">The cache key.</param>
/// <param name="Holder">The host that fetches it, where known.</param>
public sealed record ArtifactAwaited(string Key, string? Holder) : EngineEvent;
