using Dewy.Engine.Releases;
using Dewy.Engine.Registries.Oci.Wire;

namespace Dewy.Engine.Registries.Oci;

/// <summary>Matches what images are built for with what they are to run on, variants included (<c>arm/v6</c> runs on <c>arm/v7</c>).</summary>
internal static class ImagePlatform
{
    public const string Parameter = "platform";

    /// <summary>The platform of the URL's parameter, else the host's. Engines on macOS and Windows run Linux images by default.</summary>
    public static HostPlatform Of(RegistryAddress address, HostPlatform host)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(host);
        return address.Parameters.TryGetValue(Parameter, out var text) && text.Length > 0
            ? HostPlatform.Parse(text)
            : host with { OperatingSystem = "linux" };
    }

    /// <summary>The manifest for a platform in an index: the best variant, else one that names no platform; null where there is none.</summary>
    public static DescriptorDocument? Choose(IReadOnlyList<DescriptorDocument> manifests, HostPlatform wanted)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        return manifests
            .Where(manifest => manifest.Platform is not null)
            .Select(manifest => (Manifest: manifest, Distance: Distance(manifest.Platform, wanted)))
            .Where(choice => choice.Distance is not null)
            .OrderBy(choice => choice.Distance)
            .Select(choice => choice.Manifest)
            .FirstOrDefault()
            ?? manifests.FirstOrDefault(manifest => manifest.Platform is null && ManifestTypes.IsManifest(manifest.MediaType));
    }

    /// <summary>How far from ideal it is to run an image there, 0 being made for it; null where it does not run.</summary>
    public static int? Distance(PlatformDocument? image, HostPlatform wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        if (image is null
            || !string.Equals(image.Os, wanted.OperatingSystem, StringComparison.OrdinalIgnoreCase)
            || !string.Equals(image.Architecture, wanted.Architecture, StringComparison.OrdinalIgnoreCase))
            return null;
        var distance = Level(wanted.Architecture, wanted.Variant) - Level(wanted.Architecture, image.Variant);
        return distance >= 0 ? distance : null;
    }

    /// <summary>The variant as a number; where none is named, what everybody means then.</summary>
    private static int Level(string architecture, string? variant) =>
        variant is { Length: >= 2 } && variant[0] is 'v' or 'V' && char.IsAsciiDigit(variant[1])
            ? variant[1] - '0'
            : architecture switch { "arm" => 7, "arm64" => 8, _ => 1 };
}
