namespace Dewy.Engine.Releases;

/// <summary>What choosing among the files of a release came to.</summary>
internal abstract record ArtifactChoice
{
    private ArtifactChoice()
    {
    }

    /// <summary>One file is the artifact for this host.</summary>
    public sealed record Chosen(ReleaseAsset Asset) : ArtifactChoice;

    /// <summary>No file is.</summary>
    /// <param name="Names">The files that could be an artifact of some host, in alphabetical order.</param>
    public sealed record NotFound(IReadOnlyList<string> Names) : ArtifactChoice;

    /// <summary>Several files are equally good.</summary>
    /// <param name="Names">Their names, in alphabetical order.</param>
    public sealed record Ambiguous(IReadOnlyList<string> Names) : ArtifactChoice;
}
