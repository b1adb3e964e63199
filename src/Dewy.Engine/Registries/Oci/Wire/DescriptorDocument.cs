namespace Dewy.Engine.Registries.Oci.Wire;

/// <summary>Names a manifest or blob by its digest.</summary>
internal sealed record DescriptorDocument
{
    public string? MediaType { get; init; }

    public string? Digest { get; init; }

    public long Size { get; init; }

    public PlatformDocument? Platform { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
