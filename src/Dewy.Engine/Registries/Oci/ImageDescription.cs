namespace Dewy.Engine.Registries.Oci;

/// <summary>What is known of the image behind a digest. Digests never change their meaning, so neither does this.</summary>
internal sealed record ImageDescription
{
    /// <summary>When it was built, where its maker says so.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Bytes of all its layers, packed, where they are known.</summary>
    public long? Size { get; init; }

    /// <summary>Why it does not run on the platform wanted, the end of a sentence that begins with its name; null where it does.</summary>
    public string? UselessBecause { get; init; }
}
