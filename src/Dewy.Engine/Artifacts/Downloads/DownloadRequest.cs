using Dewy.Engine.Registries;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Artifacts.Downloads;

/// <summary>One file to fetch.</summary>
internal sealed record DownloadRequest
{
    /// <summary>Cache key, for progress.</summary>
    public required string Key { get; init; }

    public required IReleaseSource Source { get; init; }

    public required ReleaseAsset Asset { get; init; }

    /// <summary>The file to write; replaced when it exists, gone when the download fails.</summary>
    public required string Path { get; init; }

    /// <summary>Hashes wanted besides SHA-256.</summary>
    public IReadOnlyCollection<string> Algorithms { get; init; } = [];

    /// <summary>The file and where it comes from, for messages.</summary>
    public string Description => $"{Asset.Name} from {Source.DisplayName}";
}
