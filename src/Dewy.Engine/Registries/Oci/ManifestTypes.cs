namespace Dewy.Engine.Registries.Oci;

/// <summary>Media types of manifests, of the OCI and of Docker, which differ in nothing else.</summary>
internal static class ManifestTypes
{
    private const string OciIndex = "application/vnd.oci.image.index.v1+json";
    private const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    private const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
    private const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    private static readonly string[] ImageConfigs = ["application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"];

    /// <summary>What is asked for.</summary>
    public static IReadOnlyList<string> Accepted { get; } = [OciIndex, OciManifest, DockerList, DockerManifest];

    public static bool IsIndex(string? type) => type is OciIndex or DockerList;

    public static bool IsManifest(string? type) => type is OciManifest or DockerManifest;

    /// <summary>Whether a manifest's configuration is that of an image; charts, signatures and the like have others.</summary>
    public static bool IsImageConfig(string? type) => ImageConfigs.Contains(type, StringComparer.OrdinalIgnoreCase);
}
