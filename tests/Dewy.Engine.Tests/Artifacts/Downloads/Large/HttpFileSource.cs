using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Http;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Tests.Artifacts.Downloads.Large;

/// <summary>A registry of one release whose file is on a web server, opened as all registries open theirs.</summary>
internal sealed class HttpFileSource : IReleaseSource
{
    private readonly HttpArtifactReader _reader = new(RegistryHandlers.Create(), new RegistryServices { TimeProvider = TimeProvider.System });

    public string DisplayName => "a web server";

    public Task<ReleaseListing> ListAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ReleaseAsset>> ListAssetsAsync(ReleaseCandidate release, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ArtifactContent> OpenAsync(ReleaseAsset asset, long offset, string? validator, CancellationToken cancellationToken) => _reader.OpenAsync(
        new HttpArtifactRequest
        {
            Location = asset.Location,
            Name = asset.Name,
            ExpectedLength = asset.Size,
            Offset = offset,
            Validator = validator,
            Text = new HttpCallText { Subject = asset.Name, Target = asset.Location.AbsoluteUri, Phase = "fetch", NotFoundCode = ErrorCode.ArtifactNotFound, NotFoundStep = "" },
        },
        cancellationToken);

    public Task ReportAsync(ShippingReport report, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        return ValueTask.CompletedTask;
    }
}
