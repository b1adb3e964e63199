using System.Collections.Concurrent;
using Dewy.Engine.Registries;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Tests.Registries.Answers;

/// <summary>The one registry of many hosts: keeps when it was asked, and can be down.</summary>
internal sealed class FleetRegistry(TimeProvider timeProvider) : IReleaseSource
{
    private readonly ConcurrentDictionary<string, byte[]> _contents = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<string> _tags = [];
    private int _running;

    public string DisplayName => "fleet://registry";

    /// <summary>When its releases were listed.</summary>
    public ConcurrentQueue<DateTimeOffset> Listed { get; } = new();

    /// <summary>Tags whose files were listed.</summary>
    public ConcurrentQueue<string> AssetsListed { get; } = new();

    /// <summary>Tags whose artifact was opened.</summary>
    public ConcurrentQueue<string> Opened { get; } = new();

    /// <summary>What it fails with; null while it is well.</summary>
    public DewyException? Failure { get; set; }

    /// <summary>Files of every release.</summary>
    public IReadOnlyList<string> FileNames { get; set; } = ["app_linux_amd64.tar.gz"];

    /// <summary>Calls under way, contents that are being read included.</summary>
    public int Running => Volatile.Read(ref _running);

    public void Publish(string tag)
    {
        _contents[tag] = System.Text.Encoding.UTF8.GetBytes($"content of {tag}");
        _tags = [.. _tags, tag];
    }

    public async Task<ReleaseListing> ListAsync(CancellationToken cancellationToken)
    {
        Listed.Enqueue(timeProvider.GetUtcNow());
        await WorkAsync();
        return new ReleaseListing([.. _tags.Select(tag => new ReleaseCandidate { Tag = tag, Id = $"id of {tag}", CreatedAt = DateTimeOffset.UnixEpoch })], NotModified: false);
    }

    public async Task<IReadOnlyList<ReleaseAsset>> ListAssetsAsync(ReleaseCandidate release, CancellationToken cancellationToken)
    {
        AssetsListed.Enqueue(release.Tag);
        await WorkAsync();
        return
        [
            .. FileNames.Select(name => new ReleaseAsset
            {
                Name = name,
                Location = new Uri($"fleet://registry/{release.Tag}/{name}"),
                Size = _contents[release.Tag].Length,
                ModifiedAt = DateTimeOffset.UnixEpoch,
                Digests = [Digest.Sha256(System.Security.Cryptography.SHA256.HashData(_contents[release.Tag]))],
            }),
        ];
    }

    public async Task<ArtifactContent> OpenAsync(ReleaseAsset asset, long offset, string? validator, CancellationToken cancellationToken)
    {
        var tag = asset.Location.Segments[1].TrimEnd('/');
        Opened.Enqueue(tag);
        await WorkAsync();
        return new ArtifactContent { Stream = new MemoryStream(_contents[tag], writable: false), TotalLength = _contents[tag].Length, Validator = tag };
    }

    public Task ReportAsync(ShippingReport report, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task WorkAsync()
    {
        Interlocked.Increment(ref _running);
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5)); // long enough for others to come
            if (Failure is { } failure)
                throw failure;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
