using System.Text;
using System.Text.Json.Nodes;
using Dewy.Engine.Registries.Oci;

namespace Dewy.Engine.Tests.Registries.Oci;

/// <summary>An image as registries keep it, with a layer of a few bytes.</summary>
internal sealed record TestImage
{
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";

    public static readonly byte[] Layer = Encoding.UTF8.GetBytes("not really a layer, but as good as one");

    public required string MediaType { get; init; }

    public required byte[] Manifest { get; init; }

    public byte[]? Config { get; init; }

    public IReadOnlyList<byte[]> Layers { get; init; } = [Layer];

    /// <summary>What an index points to.</summary>
    public IReadOnlyList<TestImage> Children { get; init; } = [];

    public string Digest => ContentDigest.Of(Manifest).ToString();

    public static TestImage Of(string platform = "linux/amd64", DateTimeOffset? created = null, string marker = "", bool docker = false, string? configType = null)
    {
        var parts = platform.Split('/');
        var config = new JsonObject { ["os"] = parts[0], ["architecture"] = parts[1], ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray() }, ["marker"] = marker };
        if (parts.Length > 2)
            config["variant"] = parts[2];
        if (created is { } time)
            config["created"] = time.ToString("O");
        var configBytes = Encoding.UTF8.GetBytes(config.ToJsonString());
        var type = docker ? DockerManifest : OciManifest;
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = type,
            ["config"] = Descriptor(configType ?? (docker ? "application/vnd.docker.container.image.v1+json" : "application/vnd.oci.image.config.v1+json"), configBytes),
            ["layers"] = new JsonArray(Descriptor(docker ? "application/vnd.docker.image.rootfs.diff.tar.gzip" : "application/vnd.oci.image.layer.v1.tar+gzip", Layer)),
        };
        return new TestImage { MediaType = type, Manifest = Encoding.UTF8.GetBytes(manifest.ToJsonString()), Config = configBytes };
    }

    public static TestImage Index(params IReadOnlyList<(string Platform, TestImage Image)> images) => Index(docker: false, images);

    public static TestImage Index(bool docker, IReadOnlyList<(string Platform, TestImage Image)> images)
    {
        var manifests = new JsonArray();
        foreach (var (platform, image) in images)
        {
            var parts = platform.Split('/');
            var descriptor = Descriptor(image.MediaType, image.Manifest);
            var named = new JsonObject { ["os"] = parts[0], ["architecture"] = parts[1] };
            if (parts.Length > 2)
                named["variant"] = parts[2];
            descriptor["platform"] = named;
            manifests.Add(descriptor);
        }

        var type = docker ? DockerList : OciIndex;
        var index = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = type, ["manifests"] = manifests };
        return new TestImage { MediaType = type, Manifest = Encoding.UTF8.GetBytes(index.ToJsonString()), Children = [.. images.Select(image => image.Image)] };
    }

    private static JsonObject Descriptor(string type, byte[] content) =>
        new() { ["mediaType"] = type, ["digest"] = ContentDigest.Of(content).ToString(), ["size"] = content.Length };
}
