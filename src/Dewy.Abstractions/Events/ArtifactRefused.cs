namespace Dewy;

/// <summary>A fetched file did not verify and was set aside.</summary>
/// <param name="Key">Cache key.</param>
/// <param name="QuarantinePath">Where the file was put for inspection.</param>
/// <param name="Reason">What did not fit.</param>
public sealed record ArtifactRefused(string Key, string QuarantinePath, string Reason) : EngineEvent;
