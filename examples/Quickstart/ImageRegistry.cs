using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Dewy.Quickstart;

/// <summary>
/// A registry of images on loopback, for pulling only: as much of the Distribution API as an engine needs for that. Stands
/// in for the registry you push to.
/// </summary>
internal sealed class ImageRegistry : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private const string ConfigurationType = "application/vnd.oci.image.config.v1+json";
    private const string LayerType = "application/vnd.oci.image.layer.v1.tar+gzip";
    private const string Repository = "quickstart/web";

    private readonly ConcurrentDictionary<string, (byte[] Content, string Type)> _contents = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _tags = new(StringComparer.Ordinal);
    private readonly WebApplication _server;
    private readonly WebProgram _program;

    private ImageRegistry(WebApplication server, WebProgram program)
    {
        _server = server;
        _program = program;
        server.MapGet("/v2/", () => Results.Json(new { }));
        server.MapGet($"/v2/{Repository}/tags/list", () => Results.Json(new { name = Repository, tags = _tags.Keys }));
        server.MapMethods($"/v2/{Repository}/manifests/{{reference}}", ["GET", "HEAD"], (string reference, HttpResponse response) => Answer(_tags.GetValueOrDefault(reference, reference), response));
        server.MapMethods($"/v2/{Repository}/blobs/{{digest}}", ["GET", "HEAD"], (string digest, HttpResponse response) => Answer(digest, response));
    }

    /// <summary>Host, port and repository, as they stand in an <c>img://</c> URL.</summary>
    public string Name { get; private set; } = "";

    public static async Task<ImageRegistry> StartAsync(WebProgram program, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        server.UseRouting();
        var registry = new ImageRegistry(server, program);
        await server.StartAsync(cancellationToken);
        var address = new Uri(server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        registry.Name = $"{address.Authority}/{Repository}";
        return registry;
    }

    /// <summary>Everything released, as an engine names it.</summary>
    public IEnumerable<string> References => _tags.Values.Select(digest => $"{Name}@{digest}");

    /// <summary>Makes an image of one layer, with the program in it, and tags it.</summary>
    public void Release(string version)
    {
        using var archive = new MemoryStream();
        _program.Pack(archive, version, "app/");
        var layer = Gzip(archive.ToArray());
        var configuration = new JsonObject
        {
            ["architecture"] = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject
            {
                ["Entrypoint"] = new JsonArray(WebProgram.Host, $"/app/{WebProgram.Dll}"),
                ["Env"] = new JsonArray("DOTNET_EnableDiagnostics=0"),
                ["ExposedPorts"] = new JsonObject { ["8080/tcp"] = new JsonObject() },
            },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(DigestOf(archive.ToArray())) },
        };
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = Keep(JsonSerializer.SerializeToUtf8Bytes(configuration), ConfigurationType),
            ["layers"] = new JsonArray(Keep(layer, LayerType)),
        };
        _tags[version] = Keep(JsonSerializer.SerializeToUtf8Bytes(manifest), ManifestType)["digest"]!.GetValue<string>(); // Keep always sets it
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private JsonObject Keep(byte[] content, string type)
    {
        var digest = DigestOf(content);
        _contents[digest] = (content, type);
        return new JsonObject { ["mediaType"] = type, ["digest"] = digest, ["size"] = content.Length };
    }

    private IResult Answer(string digest, HttpResponse response)
    {
        if (!_contents.TryGetValue(digest, out var found))
            return Results.NotFound();
        response.Headers["Docker-Content-Digest"] = digest;
        return Results.Bytes(found.Content, found.Type);
    }

    private static string DigestOf(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(content);
        return packed.ToArray();
    }
}
