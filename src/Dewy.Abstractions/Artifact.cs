namespace Dewy;

/// <summary>The file of a release chosen for this host.</summary>
public sealed record Artifact
{
    /// <summary>File name as the registry has it.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is fetched from, without credentials.</summary>
    public required Uri Location { get; init; }

    /// <summary>Size in bytes, where the registry tells.</summary>
    public long? Size { get; init; }

    /// <summary>The digest the registry states, where it does.</summary>
    public Digest? Digest { get; init; }
}
