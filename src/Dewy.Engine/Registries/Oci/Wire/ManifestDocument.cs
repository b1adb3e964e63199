namespace Dewy.Engine.Registries.Oci.Wire;

/// <summary>A manifest or an index (OCI image specification, and Docker's schema 2, which both come from).</summary>
internal sealed record ManifestDocument
{
    public string? MediaType { get; init; }

    /// <summary>Of a manifest: the image's configuration.</summary>
    public DescriptorDocument? Config { get; init; }

    /// <summary>Of a manifest.</summary>
    public IReadOnlyList<DescriptorDocument>? Layers { get; init; }

    /// <summary>Of an index: one manifest a platform.</summary>
    public IReadOnlyList<DescriptorDocument>? Manifests { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
