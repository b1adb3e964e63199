namespace Dewy.Engine.Artifacts;

/// <summary>Whether an artifact must be vouched for.</summary>
public enum ChecksumPolicy
{
    /// <summary>Verify what the source offers; deploy where it offers nothing.</summary>
    Auto,

    /// <summary>Refuse an artifact for which the source offers nothing.</summary>
    Required,

    /// <summary>Do not look for checksums. Digests kept with cache entries are checked all the same.</summary>
    Off,
}
