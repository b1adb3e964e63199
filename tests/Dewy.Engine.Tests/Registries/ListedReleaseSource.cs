using Dewy.Engine.Registries;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Tests.Registries;

/// <summary>A registry that has what a test put there.</summary>
internal sealed class ListedReleaseSource : IReleaseSource
{
    private readonly List<ReleaseCandidate> _releases = [];

    public string DisplayName => "list://releases";

    public bool SlotMayFollowUnderscore { get; set; }

    public bool AssetsInListing { get; set; } = true;

    public bool NotModified { get; set; }

    public List<string> AskedForAssetsOf { get; } = [];

    public ReleaseCandidate Add(string tag, params string[] files)
    {
        var assets = files.Select(name => new ReleaseAsset { Name = name, Location = new Uri($"https://example.test/{Uri.EscapeDataString(tag)}/{name}") });
        var release = new ReleaseCandidate { Tag = tag, Assets = [.. assets] };
        _releases.Add(release);
        return release;
    }

    public void Replace(ReleaseCandidate release) =>
        _releases[_releases.FindIndex(listed => string.Equals(listed.Tag, release.Tag, StringComparison.Ordinal))] = release;

    public void Clear() => _releases.Clear();

    public Task<ReleaseListing> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new ReleaseListing([.. _releases.Select(release => AssetsInListing ? release : release with { Assets = null })], NotModified));

    public Task<IReadOnlyList<ReleaseAsset>> ListAssetsAsync(ReleaseCandidate release, CancellationToken cancellationToken)
    {
        AskedForAssetsOf.Add(release.Tag);
        return Task.FromResult(_releases.Find(listed => string.Equals(listed.Tag, release.Tag, StringComparison.Ordinal))?.Assets ?? []);
    }

    public Task<ArtifactContent> OpenAsync(ReleaseAsset asset, long offset, string? validator, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ReportAsync(ShippingReport report, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
