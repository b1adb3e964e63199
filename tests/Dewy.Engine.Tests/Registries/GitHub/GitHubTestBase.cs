using Dewy.Engine.Diagnostics;
using Dewy.Engine.Registries;
using Dewy.Engine.Releases;
using Dewy.Tests;
using Dewy.Tests.GitHub;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Registries.GitHub;

/// <summary>Starts servers and sources for one test and ends them.</summary>
public abstract class GitHubTestBase : IAsyncDisposable
{
    protected static readonly string Token = $"ghp_{Canary.Mark}";

    private readonly List<IAsyncDisposable> _owned = [];

    private protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    private protected SecretRedactor Redactor { get; } = new();

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected DateTimeOffset Now => Time.GetUtcNow();

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned))
            await owned.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<GitHubServer> StartAsync(GitHubServer? server = null)
    {
        server ??= new GitHubServer { Token = Token };
        await server.OpenAsync();
        _owned.Add(server);
        return server;
    }

    /// <summary>Variables for a server, and those of the test.</summary>
    private protected static Dictionary<string, string> Variables(GitHubServer server, params IReadOnlyList<(string Name, string Value)> more)
    {
        var variables = new Dictionary<string, string> { ["GITHUB_API_URL"] = server.ApiUrl };
        foreach (var (name, value) in more)
            variables[name] = value;
        return variables;
    }

    private protected (IReleaseSource Source, ReleaseFinder Finder) Open(IReadOnlyDictionary<string, string> environment, string url = "ghr://acme/app")
    {
        var address = RegistryCatalog.BuiltIn.Parse(url);
        var source = RegistryCatalog.BuiltIn.Create(address, new RegistryServices { TimeProvider = Time, Environment = environment, Redactor = Redactor });
        _owned.Add(source);
        return (source, new ReleaseFinder(source, address.ToCriteria(), HostPlatform.Parse("linux/amd64"), Time, "app"));
    }

    private protected (IReleaseSource Source, ReleaseFinder Finder) Open(GitHubServer server) => Open(Variables(server, ("GH_TOKEN", Token)));

    private protected static (string Name, byte[] Content) File(string name = "app_linux_amd64.tar.gz", string content = "archive") =>
        (name, System.Text.Encoding.UTF8.GetBytes(content));

    private protected static Task<DewyException> FailsAsync(Func<Task> request) =>
        Assert.ThrowsAsync<DewyException>(() => request().WaitAsync(TimeSpan.FromSeconds(30), Cancellation));

    private protected static async Task<byte[]> ReadAsync(IReleaseSource source, ReleaseFinding finding)
    {
        await using var content = await source.OpenAsync(finding.Asset ?? throw new InvalidOperationException("No artifact."), 0, null, Cancellation);
        using var bytes = new MemoryStream();
        await content.Stream.CopyToAsync(bytes, Cancellation);
        return bytes.ToArray();
    }
}
