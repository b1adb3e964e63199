using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Dewy.Engine.Registries.Oci;
using Dewy.Engine.Tests.Registries.Oci;

namespace Dewy.EndToEnd.Tests.Replicas.Ground;

/// <summary>Images an engine can run, put together without one (OCI image specification, "Image Layer" and "Image Configuration").</summary>
internal static class TestImages
{
    /// <summary>The first port a program listens on in its container.</summary>
    public const int FirstPort = 8080;

    /// <param name="command">Program and arguments, started in <c>/app</c>; its files are in <c>/app/current</c>.</param>
    /// <param name="portCount">How many ports it listens on, from <see cref="FirstPort"/>.</param>
    /// <param name="label">A label, <c>name=value</c>.</param>
    /// <param name="layers">The files of each layer.</param>
    public static TestImage Of(IReadOnlyList<string> command, int portCount, string label, params IReadOnlyList<IReadOnlyList<(string Name, byte[] Content)>> layers)
    {
        var archives = layers.Where(files => files.Count > 0).Select(Archive).ToList();
        var compressed = archives.Select(Compress).ToList();
        var config = Encoding.UTF8.GetBytes(Configuration(command, portCount, label, archives).ToJsonString());
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = TestImage.DockerManifest,
            ["config"] = Descriptor("application/vnd.docker.container.image.v1+json", config),
            ["layers"] = new JsonArray([.. compressed.Select(layer => Descriptor("application/vnd.docker.image.rootfs.diff.tar.gzip", layer))]),
        };
        return new TestImage { MediaType = TestImage.DockerManifest, Manifest = Encoding.UTF8.GetBytes(manifest.ToJsonString()), Config = config, Layers = compressed };
    }

    private static JsonObject Configuration(IReadOnlyList<string> command, int portCount, string label, List<byte[]> archives)
    {
        var ports = Enumerable.Range(0, portCount).ToList();
        return new JsonObject
        {
            ["architecture"] = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? "arm64" : "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject
            {
                ["Cmd"] = new JsonArray([.. command.Select(word => JsonValue.Create(word))]),
                ["WorkingDir"] = "/app",
                ["Env"] = new JsonArray(
                [
                    .. ports.Select(index => JsonValue.Create(index == 0 ? $"PORT={FirstPort}" : $"PORT_{index + 1}={FirstPort + index}")),
                    "HOST=0.0.0.0", "CONTAINED=1", "DOTNET_EnableDiagnostics=0",
                ]),
                ["ExposedPorts"] = new JsonObject([.. ports.Select(index => KeyValuePair.Create<string, JsonNode?>($"{FirstPort + index}/tcp", new JsonObject()))]),
                ["Labels"] = new JsonObject { [label.Split('=')[0]] = label.Split('=')[1] },
            },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. archives.Select(archive => JsonValue.Create(ContentDigest.Of(archive).ToString()))]) },
        };
    }

    /// <summary>The same files make the same bytes: releases share what they have in common.</summary>
    private static byte[] Archive(IReadOnlyList<(string Name, byte[] Content)> files)
    {
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (name, content) in files)
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"app/current/{name}") { DataStream = new MemoryStream(content), Mode = (UnixFileMode)0b110_100_100, ModificationTime = DateTimeOffset.UnixEpoch });
        }

        return archive.ToArray();
    }

    private static byte[] Compress(byte[] archive)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(archive);
        return compressed.ToArray();
    }

    private static JsonObject Descriptor(string type, byte[] content) =>
        new() { ["mediaType"] = type, ["digest"] = ContentDigest.Of(content).ToString(), ["size"] = content.Length };
}
