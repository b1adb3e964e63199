using System.Collections.Concurrent;
using Dewy.Engine.Registries.Folder;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries.Buckets;

/// <summary>
/// A bucket as registry: <c>&lt;prefix&gt;/&lt;version&gt;/&lt;artifact&gt;</c>, the same layout as in folders (compat). A poll
/// costs one request per 1000 versions for their names, and one per 1000 files of the version that was chosen. Files that
/// the listing says too little about are asked for once, and again only when they change.
/// </summary>
internal sealed class BucketReleaseSource : IReleaseSource
{
    private const int SimultaneousQuestions = 8;

    /// <summary>Files that are remembered; a release rarely has more than some dozens.</summary>
    private const int MostRemembered = 10_000;

    private readonly IBucketStore _store;
    private readonly BucketLocation _location;
    private readonly string _prefix;
    private readonly ConcurrentDictionary<(string Key, string Validator), IReadOnlyList<Digest>> _digests = new();

    /// <param name="displayName">The registry's URL without secrets.</param>
    /// <param name="location">Addresses of the bucket's objects.</param>
    /// <param name="prefix">Where the releases are: empty, or ending in a slash.</param>
    /// <param name="store">The bucket; disposed together with this.</param>
    public BucketReleaseSource(string displayName, BucketLocation location, string prefix, IBucketStore store)
    {
        DisplayName = displayName;
        _location = location;
        _prefix = prefix;
        _store = store;
    }

    public string DisplayName { get; }

    public string Credentials => _store.Credentials;

    public async Task<ReleaseListing> ListAsync(CancellationToken cancellationToken)
    {
        var names = await _store.ListPrefixesAsync(_prefix, cancellationToken);
        return new ReleaseListing([.. names.Where(FolderNames.IsUsable).Select(tag => new ReleaseCandidate { Tag = tag })], NotModified: false);
    }

    public async Task<IReadOnlyList<ReleaseAsset>> ListAssetsAsync(ReleaseCandidate release, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(release);
        var objects = await _store.ListObjectsAsync(ReleasePrefix(release.Tag), cancellationToken);
        var files = objects.Where(file => FolderNames.IsAsset(file.Name)).ToList();
        if (_digests.Count > MostRemembered)
            _digests.Clear();
        var options = new ParallelOptions { MaxDegreeOfParallelism = SimultaneousQuestions, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(files.Where(IsUnknown), options, async (file, token) =>
        {
            if (file.Validator is { } validator)
                _digests[(file.Key, validator)] = (await _store.DescribeAsync(file, token)).Digests;
        });
        return [.. files.Select(ToAsset)];
    }

    public Task<ArtifactContent> OpenAsync(ReleaseAsset asset, long offset, string? validator, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asset);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return _store.OpenAsync(new BucketObjectName(_location.ToKey(asset.Location), asset.Name, asset.Size), offset, validator, cancellationToken);
    }

    public async Task ReportAsync(ShippingReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        var key = ReleasePrefix(report.Release.Tag) + report.FileName;
        try
        {
            await _store.WriteAsync(key, BucketUpload.Of([], "text/plain"), BucketCondition.None, cancellationToken);
        }
        catch (DewyException exception)
        {
            throw new DewyException(ErrorCode.ReportFailed, $"The shipping report {report.FileName} cannot be written: {exception.Message}", exception)
            {
                Phase = "record",
                Target = DisplayName,
                NextStep = "Give the agent's credentials permission to create objects below the registry's prefix, or use --no-report.",
                RetryAfter = exception.RetryAfter,
            };
        }
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private bool IsUnknown(BucketObject file) =>
        file is { HasMoreToTell: true, Validator: { } validator } && !_digests.ContainsKey((file.Key, validator));

    private ReleaseAsset ToAsset(BucketObject file) => new()
    {
        Name = file.Name,
        Location = _location.Of(file.Key),
        Size = file.Size,
        ModifiedAt = file.WrittenAt,
        Digests = file is { HasMoreToTell: true, Validator: { } validator } && _digests.TryGetValue((file.Key, validator), out var digests) ? digests : file.Digests,

        // Objects appear when their upload is complete; an empty one is a place holder, never an artifact.
        Complete = file.Size is not 0,
    };

    private string ReleasePrefix(string tag) =>
        FolderNames.IsUsable(tag)
            ? $"{_prefix}{tag}/"
            : throw new DewyException(ErrorCode.ReleaseNotFound, $"'{tag}' cannot be a release in {DisplayName}.") { Target = tag, NextStep = "Name a tag that the registry has." };
}
