namespace Dewy;

/// <summary>Bytes of an artifact arrived; at most a few of these a second.</summary>
/// <param name="Key">Cache key.</param>
/// <param name="Bytes">Bytes so far.</param>
/// <param name="Total">Bytes in all, where known.</param>
public sealed record DownloadProgressed(string Key, long Bytes, long? Total) : EngineEvent;
