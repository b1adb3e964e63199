namespace Dewy;

/// <summary>An operator's word that one release is wanted, whatever the registry has.</summary>
public sealed record ReleasePin
{
    public required string Tag { get; init; }

    /// <summary>The kept release directory meant; null where any with the tag will do.</summary>
    public string? Directory { get; init; }

    /// <summary>The newest tag when the pin was set: with <see cref="UntilNewer"/> the pin ends when another one appears.</summary>
    public string? NewestTagThen { get; init; }

    /// <summary>True where a release newer than any seen when the pin was set ends the pin; false where only resuming does.</summary>
    public bool UntilNewer { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Who set it.</summary>
    public required string By { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Tag} by {By}, {At:u}";
}
