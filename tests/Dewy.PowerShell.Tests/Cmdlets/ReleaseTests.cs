using Dewy.PowerShell.Tests.Hosting;
using Dewy.Tests;
using Xunit;

namespace Dewy.PowerShell.Tests.Cmdlets;

/// <summary>Releases through the real engine in this process: its libraries load behind the border and its objects come across.</summary>
public sealed class ReleaseTests : IDisposable
{
    private readonly DewyRunspace _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Get_AllOfAFolder_NewestFirstAndMarked()
    {
        using var directory = new TemporaryDirectory();
        foreach (var tag in new[] { "v1.0.0", "v1.10.0", "v1.9.0" })
        {
            Directory.CreateDirectory(directory.Combine(tag));
            File.WriteAllText(directory.Combine(tag, "site.zip"), tag);
        }

        var releases = Get($"file://{directory.Path}?artifact=site.zip");

        Assert.Equal(["v1.10.0*", "v1.9.0", "v1.0.0"], Marked(releases), StringComparer.Ordinal);
        Assert.All(releases, release => Assert.NotNull(release.CreatedAt));
        Assert.Equal(("site.zip", 7L), (releases[0].Artifact?.Name, releases[0].Artifact?.Size));
    }

    [Fact]
    public void Get_AllOfAnImageRegistry_NewestFirstAndMarked()
    {
        using var server = new ImageServer("latest", "v1.0.0", "v1.10.0", "v1.9.0");

        var releases = Get(server.Url);

        Assert.Equal(["v1.10.0*", "v1.9.0", "v1.0.0"], Marked(releases), StringComparer.Ordinal);
        Assert.Equal(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero), releases[0].CreatedAt);
        Assert.Equal(ImageServer.Digest, releases[0].Artifact?.Digest?.ToString());
        Assert.EndsWith($"/acme/app@{ImageServer.Digest}", releases[0].Artifact?.Image, StringComparison.Ordinal);
    }

    private List<Release> Get(string url) => [.. _session.Invoke($"Get-DewyRelease '{url}' -All").Select(item => Assert.IsType<Release>(item.BaseObject))];

    private static IEnumerable<string> Marked(IEnumerable<Release> releases) => releases.Select(release => release.IsNewest ? release.Tag + "*" : release.Tag);
}
