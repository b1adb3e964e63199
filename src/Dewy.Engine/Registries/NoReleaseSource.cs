using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries;

/// <summary>Stands where an operation needs no registry and none was given; asking it says so.</summary>
internal sealed class NoReleaseSource : IReleaseSource
{
    public string DisplayName => "none";

    public Task<ReleaseListing> ListAsync(CancellationToken cancellationToken) => throw Missing();

    public Task<IReadOnlyList<ReleaseAsset>> ListAssetsAsync(ReleaseCandidate release, CancellationToken cancellationToken) => throw Missing();

    public Task<ArtifactContent> OpenAsync(ReleaseAsset asset, long offset, string? validator, CancellationToken cancellationToken) => throw Missing();

    public Task ReportAsync(ShippingReport report, CancellationToken cancellationToken) => throw Missing();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static DewyException Missing() => new(ErrorCode.InvalidOption, "No registry was given.")
    {
        Target = "--registry",
        NextStep = "Name one with --registry <url> or DEWY_REGISTRY.",
    };
}
