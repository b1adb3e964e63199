namespace Dewy.Engine.Registries.Oci.Wire;

/// <summary>What an image runs on, in Go's words.</summary>
internal sealed record PlatformDocument
{
    public string? Os { get; init; }

    public string? Architecture { get; init; }

    public string? Variant { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.IsNullOrEmpty(Variant) ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";
}
