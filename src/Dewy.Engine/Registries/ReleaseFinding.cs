using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries;

/// <summary>The release that is wanted, with its artifact or the reason why there is none yet.</summary>
internal sealed record ReleaseFinding
{
    /// <summary>The release; its <see cref="Release.Artifact"/> is null where <see cref="MissingBecause"/> is not.</summary>
    public required Release Release { get; init; }

    /// <summary>The file to open; null where it is missing.</summary>
    public ReleaseAsset? Asset { get; init; }

    /// <summary>All files of the release: checksums and signatures lie beside the artifact.</summary>
    public IReadOnlyList<ReleaseAsset> Assets { get; init; } = [];

    /// <summary>Why there is no artifact, as a sentence with the files there are; null where there is one.</summary>
    public string? MissingBecause { get; init; }

    /// <summary>What the answer was worth compared with the one before: never <see cref="PollOutcome.Failed"/>.</summary>
    public PollOutcome Outcome { get; init; }

    /// <summary>When the registry was asked.</summary>
    public required DateTimeOffset FoundAt { get; init; }

    /// <summary>How old the release was then; null where the registry does not tell. A release from the future (clocks differ) is new.</summary>
    public TimeSpan? Age => Release.CreatedAt is not { } created ? null : created > FoundAt ? TimeSpan.Zero : FoundAt - created;

    /// <summary>Whether the artifact is missing and the release young enough for that to be no error. A release of unknown age never is.</summary>
    public bool WithinGrace(TimeSpan gracePeriod) => MissingBecause is not null && Age < gracePeriod;

    /// <summary>The missing artifact as an error.</summary>
    public DewyException ToException() =>
        new(ErrorCode.ArtifactNotFound, MissingBecause ?? $"The artifact of {Release.Tag} is missing.")
        {
            Phase = "check",
            Target = Release.Registry,
            NextStep = Assets.Any(asset => asset.Image is not null)
                ? "Push the image for this platform as well, or name another platform with the URL's parameter platform=<os>/<architecture>."
                : "Add a file for this platform to the release, or name one with the URL's parameter artifact=<name>.",
        };
}
