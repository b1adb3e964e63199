using Dewy.Engine.Diagnostics;
using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Grpc;
using Dewy.Engine.Registries.Http;
using Dewy.Engine.Releases;
using Dewy.Tests.Grpc;
using Dewy.Tests.Http;
using Microsoft.Extensions.Time.Testing;

namespace Dewy.Engine.Tests.Registries.Grpc;

/// <summary>A gRPC registry, a web server with its files, and a source that asks them.</summary>
internal sealed class GrpcRegistry : IAsyncDisposable
{
    private readonly List<IReleaseSource> _sources = [];

    public RegistryServer Service { get; init; } = new();

    public FileServer Files { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    public RegistryCatalog Catalog { get; init; } = RegistryCatalog.BuiltIn;

    /// <summary>The agent's environment: credentials for other registries.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public Func<HttpMessageHandler> CreateHandler { get; init; } = RegistryHandlers.Create;

    public HostPlatform Platform { get; init; } = HostPlatform.Parse("linux/amd64");

    public DateTimeOffset Now => Time.GetUtcNow();

    public async Task<GrpcRegistry> StartAsync()
    {
        await Files.StartAsync();
        await Service.StartAsync();
        return this;
    }

    /// <summary>Puts a file on the web server and names it.</summary>
    public void Publish(string tag, string name = "app_linux_amd64.tar.gz", DateTimeOffset? at = null, string query = "")
    {
        Files.Put($"/{tag}/{name}", [.. "content"u8]);
        Service.Publish(tag, FileUrl($"{tag}/{name}{query}"), at);
    }

    public string FileUrl(string path) => new Uri(Files.Address, path).AbsoluteUri;

    public (IReleaseSource Source, ReleaseFinder Finder) Open(string parameters = "no-tls=true", string? host = null)
    {
        var text = $"grpc://{host ?? Service.Authority}?{parameters}";
        var address = RegistryCatalog.BuiltIn.Parse(text);
        var services = new RegistryServices { TimeProvider = Time, Environment = Environment, Redactor = new SecretRedactor(), CreateHandler = CreateHandler, Platform = Platform };
        var source = new GrpcReleaseSource(address, services, Catalog);
        _sources.Add(source);
        return (source, new ReleaseFinder(source, address.ToCriteria(), Platform, Time, "app"));
    }

    public ReleaseFinder Finder(string parameters = "no-tls=true") => Open(parameters).Finder;

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources)
            await source.DisposeAsync();
        await Service.DisposeAsync();
        await Files.DisposeAsync();
    }
}
