namespace Dewy;

/// <summary>A cache entry was removed to stay below the size limit.</summary>
/// <param name="Key">Cache key.</param>
/// <param name="Size">Bytes freed.</param>
public sealed record CacheEvicted(string Key, long Size) : EngineEvent;
