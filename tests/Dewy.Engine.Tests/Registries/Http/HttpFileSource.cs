using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Http;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Tests.Registries.Http;

/// <summary>A registry that is nothing but the shared reader, for the downloader.</summary>
internal sealed class HttpFileSource(RegistryServices services) : IReleaseSource
{
    private readonly HttpArtifactReader _reader = new(services.CreateHandler(), services);

    public string DisplayName => "test://files";

    /// <summary>Value of <c>Authorization</c> for the first host.</summary>
    public string? Authorization { get; init; }

    public Task<ArtifactContent> OpenAsync(ReleaseAsset asset, long offset, string? validator, CancellationToken cancellationToken) => _reader.OpenAsync(
        new HttpArtifactRequest
        {
            Location = asset.Location,
            Name = asset.Name,
            Text = new HttpCallText { Subject = asset.Name, Target = DisplayName, Phase = "fetch", NotFoundCode = ErrorCode.ArtifactNotFound },
            ExpectedLength = asset.Size,
            Offset = offset,
            Validator = validator,
            PrepareAsync = (request, _) =>
            {
                request.Headers.TryAddWithoutValidation("Authorization", Authorization);
                request.Headers.TryAddWithoutValidation("X-Api-Key", Authorization);
                return Task.CompletedTask;
            },
        },
        cancellationToken);

    public Task<ReleaseListing> ListAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ReleaseAsset>> ListAssetsAsync(ReleaseCandidate release, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ReportAsync(ShippingReport report, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        return ValueTask.CompletedTask;
    }
}
