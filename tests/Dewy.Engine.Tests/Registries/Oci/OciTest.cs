using Dewy.Engine.Diagnostics;
using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Oci;
using Dewy.Engine.Releases;
using Dewy.Tests;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Oci;

/// <summary>What tests of image registries start from: a strict server, an empty home directory, an agent's environment.</summary>
public abstract class OciTest : IAsyncLifetime
{
    private readonly List<OciReleaseSource> _sources = [];
    private readonly TemporaryDirectory _home = new();

    private protected OciTest() => Server = new ImageRegistryServer { Time = Time };

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    private protected ImageRegistryServer Server { get; }

    private protected SecretRedactor Redactor { get; } = new();

    private protected Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    private protected string Home => _home.Path;

    private protected RegistryServices Services => new()
    {
        TimeProvider = Time,
        Environment = Environment,
        Redactor = Redactor,
        Platform = HostPlatform.Parse("linux/amd64"),
    };

    public async ValueTask InitializeAsync()
    {
        Environment["HOME"] = Environment["USERPROFILE"] = Home;
        Environment["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "";
        await Server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources)
            await source.DisposeAsync();
        await Server.DisposeAsync();
        _home.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected ReleaseFinder Finder(string query = "", string? host = null)
    {
        var address = RegistryAddress.Parse($"img://{host ?? Server.Authority}/{ImageRegistryServer.Repository}?{query}");
        var source = (OciReleaseSource)RegistryCatalog.BuiltIn.Create(address, Services);
        _sources.Add(source);
        return new ReleaseFinder(source, address.ToCriteria(), Services.Platform, Time);
    }

    private protected Task<ReleaseFinding> FindAsync(string query = "") => Finder(query).FindNewestAsync(Token);

    private protected async Task<DewyException> FailsAsync(string query = "") => await Assert.ThrowsAsync<DewyException>(() => FindAsync(query));

    /// <summary>The requests of the registry's API that something makes, in short: <c>HEAD manifests/v1.0.0</c>.</summary>
    private protected async Task<IReadOnlyList<string>> CallsAsync(Func<Task> act)
    {
        Server.Forget();
        await act();
        return [.. Server.Calls.Select(call => $"{call.Method} {call.Path[$"/v2/{ImageRegistryServer.Repository}/".Length..]}")];
    }

    private protected void WriteDockerConfig(string json) => WriteFile(Path.Combine(Home, ".docker", "config.json"), json);

    private protected static void WriteFile(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? "/");
        File.WriteAllText(path, text);
    }
}
