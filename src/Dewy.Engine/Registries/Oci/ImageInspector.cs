using System.Globalization;
using Dewy.Engine.Releases;
using Dewy.Engine.Registries.Oci.Wire;

namespace Dewy.Engine.Registries.Oci;

/// <summary>Finds out what an image is: whether it is built for the platform, when, and how large it is. Two or three requests, once a digest.</summary>
internal sealed class ImageInspector(DistributionClient client, HostPlatform platform)
{
    private const string CreatedAnnotation = "org.opencontainers.image.created";
    private const int MostRemembered = 64;
    private const int MostPlatformsNamed = 20;

    /// <summary>Times before the first container engine was published are not times of building, but what reproducible builds put there.</summary>
    private static readonly DateTimeOffset EarliestBuild = new(2013, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<Digest, ImageDescription> _known = [];

    /// <summary>Describes what a digest names; null where the registry does not have it.</summary>
    public async Task<ImageDescription?> InspectAsync(Digest digest, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(digest, out var known))
            return known;
        if (await client.FindManifestAsync(digest.ToString(), cancellationToken) is not { } content)
            return null;
        ThrowIfBoth(content);
        var description = content.Document.Manifests is { } manifests && !ManifestTypes.IsManifest(content.MediaType)
            ? await DescribeIndexAsync(content, manifests, cancellationToken)
            : await DescribeManifestAsync(content, cancellationToken);
        if (_known.Count >= MostRemembered)
            _known.Clear();
        return _known[digest] = description;
    }

    private async Task<ImageDescription> DescribeIndexAsync(ManifestContent index, IReadOnlyList<DescriptorDocument> manifests, CancellationToken cancellationToken)
    {
        var chosen = ImagePlatform.Choose(manifests, platform);

        // Another platform's image tells the age as well, which the grace period wants to know.
        var told = chosen ?? manifests.FirstOrDefault(manifest => manifest.Platform is { Os: not "unknown" });
        var content = ContentDigest.Read(told?.Digest) is { } digest ? await client.FindManifestAsync(digest.ToString(), cancellationToken) : null;
        var image = content is null ? new ImageDescription() : await DescribeManifestAsync(content, cancellationToken);
        image = image with { CreatedAt = Created(index.Document.Annotations) ?? image.CreatedAt };
        if (chosen is null)
            return new ImageDescription { CreatedAt = image.CreatedAt, UselessBecause = $"is not built for {platform}, but for {Platforms(manifests)}" };
        return content is null
            ? image with { UselessBecause = $"names an image for {platform} that the registry does not have" }
            : image;
    }

    private async Task<ImageDescription> DescribeManifestAsync(ManifestContent content, CancellationToken cancellationToken)
    {
        var document = content.Document;
        if (!ManifestTypes.IsImageConfig(document.Config?.MediaType) || ContentDigest.Read(document.Config?.Digest) is not { } configDigest)
            return new ImageDescription { CreatedAt = Created(document.Annotations), UselessBecause = $"is no image, but of the type '{Printable(document.Config?.MediaType ?? content.MediaType)}'" };
        var config = await FindConfigAsync(configDigest, cancellationToken);
        var built = config?.Os is null ? null : new PlatformDocument { Os = config.Os, Architecture = config.Architecture, Variant = config.Variant };
        return new ImageDescription
        {
            CreatedAt = Read(config?.Created) ?? Created(document.Annotations),
            Size = Sum(document.Layers ?? []),
            UselessBecause = built is not null && ImagePlatform.Distance(built, platform) is null ? $"is not built for {platform}, but for {Printable(built.ToString())}" : null,
        };
    }

    /// <summary>The configuration, or null: it only refines what is known, and blobs may lie on a host that the agent, unlike the engine, cannot reach.</summary>
    private async Task<ImageConfigDocument?> FindConfigAsync(Digest digest, CancellationToken cancellationToken)
    {
        try
        {
            return await client.FindConfigAsync(digest, cancellationToken);
        }
        catch (DewyException exception) when (exception.Code is not ErrorCode.RegistryRateLimited)
        {
            return null;
        }
    }

    // One text that is an image to one reader and an index to another (CVE-2021-41190).
    private void ThrowIfBoth(ManifestContent content)
    {
        if (content.Document is { Manifests: not null } document && (document.Layers is not null || document.Config is not null))
            throw client.Failure.Malformed($"{content.Digest} is an index and a manifest at once", client.Text);
    }

    private static long? Sum(IReadOnlyList<DescriptorDocument> layers)
    {
        var sum = 0L;
        foreach (var layer in layers)
        {
            if (layer.Size < 0 || layer.Size > long.MaxValue - sum)
                return null;
            sum += layer.Size;
        }

        return sum;
    }

    private static string Platforms(IReadOnlyList<DescriptorDocument> manifests)
    {
        var names = manifests.Select(manifest => manifest.Platform).OfType<PlatformDocument>()
            .Where(named => named.Os is not "unknown")
            .Select(named => Printable(named.ToString()))
            .Distinct(StringComparer.Ordinal).ToList();
        return names.Count == 0 ? "nothing" : string.Join(", ", names.Take(MostPlatformsNamed)) + (names.Count > MostPlatformsNamed ? " and more" : "");
    }

    private static string Printable(string? text)
    {
        var plain = string.Concat((text ?? "?").Where(c => !char.IsControl(c)));
        return plain.Length <= 100 ? plain : plain[..100] + "…";
    }

    private static DateTimeOffset? Created(IReadOnlyDictionary<string, string>? annotations) => Read(annotations?.GetValueOrDefault(CreatedAnnotation));

    private static DateTimeOffset? Read(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time >= EarliestBuild
            ? time
            : null;
}
