using System.Collections.Concurrent;
using System.Security.Cryptography;
using Dewy.Engine.Registries;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Tests.Artifacts;

/// <summary>A registry in memory that answers well by default and as badly as a test wants through <see cref="OnOpen"/>.</summary>
internal sealed class ScriptedReleaseSource : IReleaseSource
{
    private readonly ConcurrentDictionary<string, byte[]> _contents = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<OpenCall> _opens = new();

    public string DisplayName => "test://registry";

    /// <summary>Answers instead of the default; gets the call and its number, from 1.</summary>
    public Func<OpenCall, int, ArtifactContent>? OnOpen { get; set; }

    public IReadOnlyList<OpenCall> Opens => [.. _opens];

    public ReleaseAsset Add(string name, byte[] content, params Digest[] digests)
    {
        _contents[name] = content;
        return new ReleaseAsset { Name = name, Location = new Uri($"test://registry/{Uri.EscapeDataString(name)}"), Size = content.Length, Digests = digests };
    }

    public ReleaseAsset Add(string name, string content) => Add(name, System.Text.Encoding.UTF8.GetBytes(content));

    public Task<ArtifactContent> OpenAsync(ReleaseAsset asset, long offset, string? validator, CancellationToken cancellationToken)
    {
        var call = new OpenCall(asset.Name, offset, validator);
        _opens.Enqueue(call);
        return Task.FromResult(OnOpen is null ? Serve(call) : OnOpen(call, _opens.Count));
    }

    /// <summary>The default answer: from the offset asked for, when the validator still fits.</summary>
    public ArtifactContent Serve(OpenCall call, Func<Stream, Stream>? wrap = null)
    {
        var content = _contents[call.Name];
        var validator = Convert.ToHexStringLower(SHA256.HashData(content))[..16];
        var offset = call.Offset > 0 && string.Equals(call.Validator, validator, StringComparison.Ordinal) ? call.Offset : 0;
        Stream stream = new MemoryStream(content[(int)offset..], writable: false);
        return new ArtifactContent { Stream = wrap?.Invoke(stream) ?? stream, Offset = offset, TotalLength = content.Length, Validator = validator };
    }

    public Task<ReleaseListing> ListAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ReleaseAsset>> ListAssetsAsync(ReleaseCandidate release, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ReportAsync(ShippingReport report, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
