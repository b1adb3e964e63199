namespace Dewy;

/// <summary>One version in a registry.</summary>
public sealed record Release
{
    /// <summary>The registry's URL with secrets removed.</summary>
    public required string Registry { get; init; }

    /// <summary>The tag exactly as the registry has it, such as <c>v1.2.3+blue</c>.</summary>
    public required string Tag { get; init; }

    /// <summary>The version in the tag, without a leading <c>v</c> and without the slot.</summary>
    public required string Version { get; init; }

    /// <summary>The build metadata of the tag; null where it has none.</summary>
    public string? Slot { get; init; }

    /// <summary>Whether the version is a pre-release.</summary>
    public bool IsPreRelease { get; init; }

    /// <summary>When it was published (UTC), where the registry tells.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The artifact for this host; null where it was not asked for or there is none.</summary>
    public Artifact? Artifact { get; init; }

    /// <summary>True on the release an agent with the same options would deploy.</summary>
    public bool IsNewest { get; init; }

    /// <summary>The registry's own identifier of the release, used by shipping reports.</summary>
    public string? Id { get; init; }

    /// <summary>
    /// Cache key of the artifact: <c>&lt;tag&gt;--&lt;artifact file name&gt;</c>; of an image its reference by tag. Null without an
    /// artifact. Together with the artifact's digest it tells whether two releases are the same.
    /// </summary>
    public string? CacheKey => Artifact switch
    {
        null => null,
        { Image: not null } image => image.Name,
        var file => $"{Tag}--{file.Name}",
    };

    /// <inheritdoc/>
    public override string ToString() => Tag;
}
