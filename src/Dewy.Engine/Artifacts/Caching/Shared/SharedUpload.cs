using System.Text.Json;
using Dewy.Engine.Registries.Buckets;

namespace Dewy.Engine.Artifacts.Caching.Shared;

/// <summary>An artifact this host fetched for the fleet, on its way into the bucket. The open file keeps its content, whatever happens to the local entry.</summary>
internal sealed class SharedUpload : IDisposable
{
    private readonly SharedBucket _bucket;
    private readonly SharedEntryNames _names;
    private readonly CachedArtifact _artifact;
    private readonly byte[] _description;
    private readonly IReadOnlyDictionary<string, byte[]> _files;
    private readonly bool _isRepair;
    private readonly TimeSpan _timeout;
    private readonly FileStream _content;

    /// <param name="bucket">Where it goes.</param>
    /// <param name="artifact">The entry in the local cache.</param>
    /// <param name="files">Small files that vouch for it, by name.</param>
    /// <param name="isRepair">Whether what is in the bucket was found to be damaged, and is to be replaced though it says to be the same.</param>
    /// <param name="timeout">Longest the upload may take.</param>
    public SharedUpload(SharedBucket bucket, CachedArtifact artifact, IReadOnlyDictionary<string, byte[]> files, bool isRepair, TimeSpan timeout)
    {
        _bucket = bucket;
        _names = SharedEntryNames.Of(artifact.Key);
        _artifact = artifact;
        _files = files;
        _isRepair = isRepair;
        _timeout = timeout;
        _description = File.ReadAllBytes(artifact.Path + CacheFileName.DescriptionSuffix);
        _content = new FileStream(artifact.Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
    }

    /// <summary>Key of the artifact.</summary>
    public string Key => _artifact.Key;

    /// <summary>Writes content, small files and at last the description, unless another host has done so meanwhile.</summary>
    /// <exception cref="BucketUnusableException">The bucket fails.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_content.Length > _bucket.LargestUpload)
        {
            _bucket.Warn($"{_artifact.Key} has {_content.Length:N0} bytes, more than one object of {_bucket.DisplayName} may be written with; every host fetches it for itself.", "Make the artifact smaller, or use a local cache.");
            return;
        }

        var there = await _bucket.ReadAsync(_names.Description, knownValidator: null, cancellationToken);
        if (there is not null && !_isRepair && IsSame(there))
            return;
        var written = await WriteContentAsync(there is null ? BucketCondition.Absent : BucketCondition.None, cancellationToken);
        if (written is null)
        {
            // Content without a description is what an upload that was cut has left, or one that is under way elsewhere.
            if (await _bucket.ReadAsync(_names.Description, knownValidator: null, cancellationToken) is { } meanwhile && IsSame(meanwhile))
                return;
            await WriteContentAsync(BucketCondition.None, cancellationToken);
        }

        foreach (var (name, content) in _files)
            await _bucket.WriteAsync(_names.File(name), content, BucketCondition.None, cancellationToken);
        await _bucket.WriteAsync(_names.Description, _description, there is null ? BucketCondition.Absent : BucketCondition.Has(there.Validator), cancellationToken);
    }

    public void Dispose() => _content.Dispose();

    private async Task<string?> WriteContentAsync(BucketCondition condition, CancellationToken cancellationToken)
    {
        _content.Position = 0;
        return await _bucket.UploadAsync(
            _names.Content,
            new BucketUpload { Content = _content, Length = _content.Length, Sha256 = _artifact.Digest, Timeout = _timeout },
            condition,
            cancellationToken);
    }

    private bool IsSame(BucketContent description)
    {
        try
        {
            return description.Bytes is { } bytes && string.Equals(JsonSerializer.Deserialize(bytes, CacheJson.Default.CacheDescription)?.Sha256, _artifact.Digest.Hex, StringComparison.OrdinalIgnoreCase);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
