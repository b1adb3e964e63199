namespace Dewy.Engine.Registries.Oci.Wire;

/// <summary>What Dewy reads of an image's configuration.</summary>
internal sealed record ImageConfigDocument
{
    /// <summary>When it was built, as RFC 3339 writes times.</summary>
    public string? Created { get; init; }

    public string? Os { get; init; }

    public string? Architecture { get; init; }

    public string? Variant { get; init; }
}
