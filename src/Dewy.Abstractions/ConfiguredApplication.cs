namespace Dewy;

/// <summary>An application of a configuration file, with everything it was configured with.</summary>
public sealed record ConfiguredApplication
{
    public required string Name { get; init; }

    /// <summary>Absolute path of its root.</summary>
    public required string Root { get; init; }

    /// <summary>The registry's URL without secrets.</summary>
    public required string Registry { get; init; }

    /// <summary>Its complete options.</summary>
    public required OptionSet Options { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
