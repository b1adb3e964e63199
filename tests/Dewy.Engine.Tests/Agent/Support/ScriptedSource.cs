using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Dewy.Engine.Registries;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Tests.Agent.Support;

/// <summary>A registry that has what a test puts there, and fails as a test says.</summary>
internal sealed class ScriptedSource : IReleaseSource, IReleaseSourceFactory
{
    private readonly Lock _gate = new();
    private readonly List<ReleaseCandidate> _releases = [];
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private DewyException? _failure;
    private bool _hangs;

    public string DisplayName => "scripted://releases";

    public static byte[] Archive(string content)
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "index.html") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
        return bytes.ToArray();
    }

    /// <summary>Publishes a release; without content it has no artifact yet.</summary>
    public void Publish(string tag, DateTimeOffset createdAt, byte[]? content)
    {
        lock (_gate)
        {
            _releases.RemoveAll(release => release.Tag == tag);
            List<ReleaseAsset> assets = [];
            if (content is not null)
            {
                _files[$"/{tag}"] = content;
                assets.Add(new ReleaseAsset
                {
                    Name = "site_linux_amd64.tar.gz",
                    Location = new Uri($"https://example.test/{tag}"),
                    Size = content.Length,
                    ModifiedAt = createdAt,
                });
            }

            _releases.Add(new ReleaseCandidate { Tag = tag, CreatedAt = createdAt, Assets = assets });
        }
    }

    public void Fail(DewyException? failure)
    {
        lock (_gate)
            _failure = failure;
    }

    /// <summary>From now on no listing ends, not even when it is cancelled.</summary>
    public void Hang(bool hangs)
    {
        lock (_gate)
            _hangs = hangs;
    }

    public IReleaseSource Create(RegistryAddress address, RegistryServices services) => this;

    public Task<ReleaseListing> ListAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_hangs)
                return new TaskCompletionSource<ReleaseListing>().Task;
            return _failure is null ? Task.FromResult(new ReleaseListing([.. _releases], NotModified: false)) : Task.FromException<ReleaseListing>(_failure);
        }
    }

    public Task<IReadOnlyList<ReleaseAsset>> ListAssetsAsync(ReleaseCandidate release, CancellationToken cancellationToken) => Task.FromResult(release.Assets ?? []);

    public Task<ArtifactContent> OpenAsync(ReleaseAsset asset, long offset, string? validator, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var content = _files[asset.Location.AbsolutePath];
            return Task.FromResult(new ArtifactContent { Stream = new MemoryStream(content), TotalLength = content.Length });
        }
    }

    public Task ReportAsync(ShippingReport report, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
